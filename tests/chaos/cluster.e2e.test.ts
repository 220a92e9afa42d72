import { type NatsCluster, startNatsCluster } from "@botfactory/infrastructure";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type ConnectedBot, choosePlan, connectBot } from "../e2e/support/bots.ts";
import { type EventLog, openEventLog } from "../e2e/support/event-log.ts";
import { startTestStack, type TestStack } from "../e2e/support/test-stack.ts";
import { until } from "../e2e/support/until.ts";
import { setEnvironment } from "../setup/environment.ts";
import { markedText } from "./chat-history.ts";
import { check, meetsBar } from "./checker.ts";
import { killServers } from "./cluster/kills.ts";

const MINUTE = 60_000;
const CHATS = [1, 2, 3, 4, 5, 6];
const POST_EVERY_MS = 150;
// The long run is `make chaos-cluster KILLS=…`.
const KILLS = Number(process.env["KILLS"] ?? 1);

let cluster: NatsCluster;
let stack: TestStack;
let log: EventLog;
let bot: ConnectedBot;
let giveBackEnvironment = () => {};

beforeAll(async () => {
  cluster = await startNatsCluster();
  // The stack uses what the environment names instead of starting its own.
  giveBackEnvironment = setEnvironment({ NATS_URL: cluster.url });
  stack = await startTestStack({
    replicas: { conversation: 2, ingress: 1 },
    env: {
      NATS_MONITORING_URL: cluster.monitoring,
      NATS_REPLICAS: "3",
      GEMINI_RPM: "1000000",
      GEMINI_RPD: "1000000",
    },
  });
  const owner = await stack.people.owner("aziza");
  await choosePlan(stack, owner, "premium");
  [log, bot] = await Promise.all([openEventLog(cluster.url), connectBot(stack, owner)]);
}, 3 * MINUTE);
afterAll(async () => {
  await log?.close();
  await stack?.stop();
  await cluster?.stop();
  giveBackEnvironment();
}, MINUTE);

/** People write in turn until told to stop; the number of messages. */
async function write(stopping: AbortSignal): Promise<number> {
  let marker = 0;
  while (!stopping.aborted) {
    marker += 1;
    const chatId = CHATS[marker % CHATS.length] ?? 1;
    await stack.telegram.user(chatId).send(bot.telegramId, markedText(marker));
    await new Promise((resolve) => setTimeout(resolve, POST_EVERY_MS));
  }
  return marker;
}

describe("the whole product on three servers", () => {
  it("keeps three copies of everything", async () => {
    const { streams } = await log.nats.jetstreamManager();
    const names = await streams.names().next();
    expect(names).toEqual(expect.arrayContaining(["ACCOUNTS", "CONVERSATIONS", "KEYS", "KV_webhooks", "KV_workers"]));
    for (const name of names) expect((await streams.info(name)).config).toMatchObject({ name, num_replicas: 3 });
  });

  it(
    "answers every message once and in order while servers are killed",
    async () => {
      const stopping = new AbortController();
      const writing = write(stopping.signal);
      const kills = await killServers(cluster, KILLS);
      stopping.abort();
      const written = await writing;
      await stack.telegram.bot(bot.telegramId).waitUntilIdle(MINUTE);
      await log.untilNothingIsLeft(3 * MINUTE);

      const report = await until(
        "every message has its answer",
        async () => {
          const judged = check(await stack.telegram.ledger());
          return judged.updates === written && judged.lost.length === 0 && judged;
        },
        MINUTE,
      ).catch(async () => check(await stack.telegram.ledger()));
      process.stderr.write(`  ${JSON.stringify({ ...report, kills })}\n`);
      expect(report).toMatchObject({ updates: written, lost: [], duplicated: [], outOfOrder: [], unknown: [] });
      expect(report.classes.answered).toBe(written);
      expect(meetsBar(report)).toBe(true);
    },
    (2 + KILLS) * MINUTE,
  );
});
