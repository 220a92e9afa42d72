import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type Db, MongoClient } from "mongodb";
import { rebuild } from "../../tools/operator/src/rebuild.ts";
import { type ConnectedBot, choosePlan, connectBot } from "./support/bots.ts";
import { documentsOf } from "./support/documents.ts";
import { type EventLog, openEventLog } from "./support/event-log.ts";
import type { Owner } from "./support/people.ts";
import { startTestStack, type TestStack } from "./support/test-stack.ts";
import { until } from "./support/until.ts";

/** Each projection's checkpoint, the stream it reads, and what it reads there. */
const PROJECTIONS = {
  bots: ["ACCOUNTS", "accounts.*"],
  ai: ["QUOTAS", "quotas.*.*"],
  conversation: ["CONVERSATIONS", "conversations.*.*"],
} as const;
// Sessions come from people's sign-ins; a checkpoint says how often the documents were made, not what is in them.
const NOT_OF_THE_LOG = ["sessions", "checkpoints", "log_watermarks"];

let stack: TestStack;
let log: EventLog;
let client: MongoClient;
let database: Db;
let owner: Owner;

beforeAll(async () => {
  stack = await startTestStack({ replicas: { bots: 2, conversation: 2 }, env: { GEMINI_RPM: "1000" } });
  log = await openEventLog(stack.neighbours.nats);
  client = await MongoClient.connect(stack.databaseUrl);
  database = client.db();
  owner = await stack.people.owner("aziza");
}, 120_000);
afterAll(async () => {
  await client.close();
  await log.close();
  await stack.stop();
}, 60_000);

const namesOf = async () => (await database.listCollections().toArray()).map(({ name }) => name).sort();

/** Every document that comes from the log. */
const documents = async () =>
  documentsOf(
    database,
    (await namesOf()).filter((name) => !NOT_OF_THE_LOG.includes(name)),
  );

/** The names of every collection's indexes. */
async function indexes(): Promise<Record<string, readonly string[]>> {
  const names = (await namesOf()).filter((name) => !NOT_OF_THE_LOG.includes(name));
  const lists = names.map(async (name) => [
    name,
    Object.keys(await database.collection(name).indexInformation()).sort(),
  ]);
  return Object.fromEntries(await Promise.all(lists));
}

async function untilDocumentsFollowedTheLog(): Promise<void> {
  await log.untilCallsHaveEnded();
  const { streams } = await log.nats.jetstreamManager();
  const checkpoints = database.collection<{ _id: string; sequence: number }>("checkpoints");
  for (const [name, [stream, subjects]] of Object.entries(PROJECTIONS)) {
    const { seq: end } = await streams.getMessage(stream, { last_by_subj: subjects });
    await until(`${name} has read ${end} events`, async () => {
      const checkpoint = await checkpoints.findOne({ _id: name });
      return checkpoint !== null && checkpoint.sequence >= end;
    });
  }
}

/** Something of everything that can happen to bots, chats and quotas. */
async function liveALittle(): Promise<ConnectedBot> {
  await choosePlan(stack, owner, "basic");
  const [shop, tutor, gone] = await Promise.all([1, 2, 3].map((n) => connectBot(stack, owner, { name: `Bot ${n}` })));
  if (shop === undefined || tutor === undefined || gone === undefined) throw new Error("there should be three bots");
  for (const chatId of [1, 2, 3, 4]) await converse(shop, chatId, `Hello from ${chatId}`);
  await stack.model.script({ kind: "safety" });
  await converse(tutor, 5, "Something forbidden");
  await stack.telegram.user(6).send(tutor.telegramId, "I am leaving");
  await stack.telegram.user(6).block(tutor.telegramId);
  await owner.call("POST", `/bots/${tutor.id}/test-chat`, { text: "Is it you?" });
  await owner.call("POST", `/bots/${shop.id}/test-message`, { chatId: "1", text: "News!" });
  await owner.call("PATCH", `/bots/${tutor.id}`, { name: "Renamed", systemPrompt: "Another prompt.", paused: true });
  await owner.call("DELETE", `/bots/${shop.id}/webhook`);
  await owner.call("POST", `/bots/${shop.id}/webhook`, {});
  await converse(gone, 7, "Bye");
  await owner.call("DELETE", `/bots/${gone.id}`);
  return shop;
}

async function converse({ telegramId: botId }: ConnectedBot, chatId: number, text: string): Promise<void> {
  const { message } = await stack.telegram.user(chatId).send(botId, text);
  await stack.telegram.waitForReply({ botId, chatId, after: message.message_id });
}

describe("every collection but the sessions, dropped while the services run", () => {
  it("comes back equal by one command, indexes included, and the services go on", async () => {
    const shop = await liveALittle();
    await log.untilNothingIsLeft();
    await untilDocumentsFollowedTheLog();
    const before = await documents();
    const indexesBefore = await indexes();
    expect(Object.keys(before)).toEqual(["accounts", "bots", "chats", "daily_stats", "messages", "usage_daily"]);
    expect(Object.values(before).map((found) => found.length > 0)).not.toContain(false);

    for (const name of await namesOf()) if (name !== "sessions") await database.dropCollection(name);
    const lines: string[] = [];
    await rebuild({
      natsUrl: stack.neighbours.nats,
      mongodbUrl: stack.databaseUrl,
      say: (line) => lines.push(line),
    });
    process.stderr.write(`  ${Object.values(before).flat().length} documents; ${lines.join("; ")}\n`);
    expect(await documents()).toEqual(before);
    expect(await indexes()).toEqual(indexesBefore);

    await converse(shop, 1, "Are you still there?");
    await untilDocumentsFollowedTheLog();
    expect((await owner.call("GET", `/bots/${shop.id}/chats/1/messages`)).text).toContain("Are you still there?");
  }, 60_000);
});
