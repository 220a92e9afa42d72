import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as passed } from "node:timers/promises";
import { freshNats, lastingPlace, type StartedNats } from "@botfactory/infrastructure";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { setEnvironment } from "../setup/environment.ts";
import { type ConnectedBot, connectBot } from "./support/bots.ts";
import { type EventLog, openEventLog } from "./support/event-log.ts";
import { startTestStack, type TestStack } from "./support/test-stack.ts";

const OUTAGE_MS = 20_000;
const CHATS = [1, 2, 3, 4, 5];

let place: Awaited<ReturnType<typeof lastingPlace>>;
let nats: StartedNats;
let stack: TestStack;
let log: EventLog;
let bot: ConnectedBot;
let giveBackEnvironment = () => {};

beforeAll(async () => {
  place = await lastingPlace(await mkdtemp(join(tmpdir(), "botfactory-log-")));
  nats = await freshNats(place);
  // The stack uses what the environment names instead of starting its own.
  giveBackEnvironment = setEnvironment({ NATS_URL: nats.url, NATS_MONITORING_URL: nats.monitoring });
  stack = await startTestStack();
  [log, bot] = await Promise.all([openEventLog(nats.url), connectBot(stack, await stack.people.owner("aziza"))]);
}, 120_000);
afterAll(async () => {
  await log.close();
  await stack.stop();
  await nats.stop();
  await rm(place.dataDirectory, { recursive: true, force: true });
  giveBackEnvironment();
}, 60_000);

const say = (chatId: number, text: string) => stack.telegram.user(chatId).send(bot.telegramId, text);

/** An update as Telegram posts it, posted by the test to see the whole answer. */
async function post(updateId: number) {
  const { url, secretToken } = await stack.telegram.bot(bot.telegramId).webhook();
  const begun = performance.now();
  const { status, headers } = await fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json", "x-telegram-bot-api-secret-token": secretToken },
    body: JSON.stringify({ update_id: updateId, poll: { id: "1" } }),
  });
  return { status, retryAfter: headers.get("retry-after"), ms: performance.now() - begun };
}

describe("while the log is away for 20 seconds", () => {
  it("ingress says 503 and when to come back, and afterwards nothing is lost and each message is answered once", async () => {
    await say(1, "Before the outage");
    await stack.telegram.waitForReply({ botId: bot.telegramId, chatId: 1 });
    const [ingress] = stack.replicasOf("ingress");
    const readiness = async () => (await fetch(`http://127.0.0.1:${ingress?.adminPort}/readyz`)).status;
    expect(await readiness()).toBe(200);

    await nats.stop();
    const stoppedAt = Date.now();
    for (const chatId of CHATS) for (const part of ["first", "second"]) await say(chatId, `${part}-${chatId}`);
    for (const updateId of [1, 2, 3]) {
      const answer = await post(updateId);
      expect(answer).toMatchObject({ status: 503, retryAfter: "5" });
      expect(answer.ms).toBeLessThan(3_000);
    }
    expect(await readiness()).toBe(503);
    // The outage itself, not a wait for something to happen.
    await passed(OUTAGE_MS - (Date.now() - stoppedAt));
    nats = await freshNats(place);
    const returnedAt = Date.now();

    await stack.telegram.bot(bot.telegramId).waitUntilIdle(30_000);
    await log.untilNothingIsLeft();
    tell(`all ${CHATS.length * 2} messages answered ${(Date.now() - returnedAt) / 1_000} s after the log came back`);

    const deliveries = (await stack.telegram.ledger({ kind: "delivery", botId: bot.telegramId })).filter(
      (entry) => entry.kind === "delivery",
    );
    const refused = deliveries.filter(({ status }) => status !== 200);
    expect(refused.length).toBeGreaterThanOrEqual(CHATS.length * 3);
    for (const refusal of refused) expect(refusal).toMatchObject({ status: 503, outcome: "retried", retryInMs: 5_000 });
    expect(Math.max(...refused.map(({ durationMs }) => durationMs))).toBeLessThan(3_000);
    for (const chatId of CHATS) expect(await answersAbout(chatId)).toEqual([`first-${chatId}`, `second-${chatId}`]);
  }, 90_000);
});

async function answersAbout(chatId: number): Promise<readonly string[]> {
  const replies = await stack.telegram.waitForReply({ botId: bot.telegramId, chatId });
  return replies.flatMap(({ text }) => text?.match(/(first|second)-\d/g) ?? []);
}

function tell(what: string): void {
  process.stderr.write(`  ${what}\n`);
}
