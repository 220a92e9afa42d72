import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { allowsSubject, NATS_PERMISSIONS, NATS_USERS, type NatsUser } from "@botfactory/infrastructure";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { botfactory } from "./support/botfactory.ts";
import { connectBot } from "./support/bots.ts";
import { startTestStack, type TestStack } from "./support/test-stack.ts";

/** What a user may but did not in these minutes, and when it would. */
const RARELY: Readonly<Partial<Record<NatsUser, readonly string[]>>> = {
  // A start where bots are registered already.
  ingress: ["$JS.API.STREAM.MSG.GET.KV_webhooks"],
  conversation: [
    // A turn that cannot be finished.
    "quarantine.conversation.*",
    // A chat that another process has claimed.
    "$JS.API.STREAM.MSG.GET.KV_workers",
  ],
  // A stream of more than one chunk.
  backup: ["$JS.SNAPSHOT.ACK.>"],
  // A new version that declares a stream in another way.
  provision: ["UPDATES", "QUARANTINE", "CONVERSATIONS", "ACCOUNTS", "QUOTAS", "KEYS", "KV_webhooks", "KV_workers"].map(
    (stream) => `$JS.API.STREAM.UPDATE.${stream}`,
  ),
};

let stack: TestStack;
let trace: string;
let published: ReadonlyMap<string, ReadonlySet<string>>;

beforeAll(async () => {
  stack = await startTestStack({ natsTrace: true });
  await useEverything();
  trace = await readFile(join(stack.directory, "data", "nats", "trace.log"), "utf8");
  published = publishedBy(trace);
}, 180_000);
afterAll(async () => stack?.stop(), 60_000);

/** A bot from its registration to its end, an update that cannot be read, and the programs that work beside the services. */
async function useEverything(): Promise<void> {
  const owner = await stack.people.owner("aziza");
  const bot = await connectBot(stack, owner);
  await stack.telegram.user(1).send(bot.telegramId, "Hello");
  await stack.telegram.waitForReply({ botId: bot.telegramId, chatId: 1, timeoutMs: 30_000 });
  await stack.telegram.bot(bot.telegramId).deliver({ body: "{" });
  await owner.call("DELETE", `/bots/${bot.id}`);
  await command("auditor", "audit");
  await command("auditor", "doctor");
  await command("auditor", "quarantine");
  await command("backup", "backup", join(stack.directory, "backup"));
  for (const service of stack.processes) await service.end();
}

function command(user: NatsUser, ...words: readonly string[]): Promise<string> {
  const seed = join(stack.directory, "nats-users", `${user}.nk`);
  return botfactory({ ...stack.env, NATS_URL: `${stack.neighbours.nats}?nkey=${seed}` }, ...words);
}

/** By a user's public key, the subjects of all messages it sent, as the server wrote them down. */
function publishedBy(text: string): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, Set<string>>();
  for (const [, key = "", subject = ""] of text.matchAll(/"BOTFACTORY\w*\/nkey:(U[A-Z2-7]+)" - <<- \[H?PUB (\S+)/g)) {
    found.set(key, (found.get(key) ?? new Set()).add(subject));
  }
  return found;
}

describe.each(NATS_USERS)("the NATS user %s", (user) => {
  it("used every permission that it has, except for those of rare events", () => {
    const sent = [...(published.get(stack.neighbours.natsKeys?.[user].publicKey ?? "") ?? [])];
    const unused = NATS_PERMISSIONS[user].publish.filter(
      (pattern) => !sent.some((subject) => allowsSubject([pattern], subject)),
    );
    expect(unused).toEqual(RARELY[user] ?? []);
  });
});

it("nobody was refused anything", () => {
  expect(trace.match(/.*(Publish|Subscription) Violation.*/g) ?? []).toEqual([]);
});
