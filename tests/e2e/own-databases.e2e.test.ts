import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { MongoClient } from "mongodb";
import { botfactory } from "./support/botfactory.ts";
import { connectBot } from "./support/bots.ts";
import { startTestStack, type TestStack } from "./support/test-stack.ts";

/** What each service keeps in MongoDB, all of it in a database of its own, so that one user for each is enough. */
const COLLECTIONS: Readonly<Record<string, readonly string[]>> = {
  ai: ["checkpoints", "log_watermarks", "usage_daily"],
  bots: ["accounts", "bots", "checkpoints", "log_watermarks"],
  conversation: ["chats", "checkpoints", "daily_stats", "log_watermarks", "messages", "snapshots"],
  web: ["sessions"],
};

let stack: TestStack;
let server: MongoClient;

beforeAll(async () => {
  stack = await startTestStack({ databaseSuffix: "_{service}" });
  server = await MongoClient.connect(stack.databaseUrl);
  const owner = await stack.people.owner("aziza");
  const bot = await connectBot(stack, owner);
  await stack.telegram.user(1).send(bot.telegramId, "Hello");
  await stack.telegram.waitForReply({ botId: bot.telegramId, chatId: 1, timeoutMs: 30_000 });
}, 180_000);
afterAll(async () => {
  await server?.close();
  await stack?.stop();
}, 60_000);

const command = (...words: readonly string[]) => botfactory(stack.env, ...words);

async function collections(): Promise<Record<string, readonly string[]>> {
  const prefix = server.db().databaseName.replace("{service}", "");
  const { databases } = await server.db().admin().listDatabases({ nameOnly: true });
  const ours = databases.map(({ name }) => name).filter((name) => name.startsWith(prefix));
  const found = ours.map(async (name) => {
    const there = await server.db(name).listCollections().toArray();
    return [name.slice(prefix.length), there.map((one) => one.name).sort()] as const;
  });
  return Object.fromEntries(await Promise.all(found));
}

/** A collection comes into being with its first document, so not all need be there yet. */
async function expectOwnOnly(): Promise<void> {
  const found = await collections();
  expect(Object.keys(found).sort()).toEqual(Object.keys(COLLECTIONS));
  for (const [service, names] of Object.entries(found)) {
    expect(names).not.toEqual([]);
    expect(names.filter((name) => !COLLECTIONS[service]?.includes(name))).toEqual([]);
  }
}

it("each service keeps its documents in its own database and touches no other", expectOwnOnly);

it("the programs beside them find each where it is", async () => {
  expect(await command("audit")).toContain("the log is intact");
  expect(await command("rebuild")).toContain("read models of conversation rebuilt");
  const findings = await command("doctor");
  for (const service of Object.keys(COLLECTIONS)) {
    expect(findings).toMatch(new RegExp(`PASS +MongoDB writes \\(${service}\\)`));
  }
  await expectOwnOnly();
});
