import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freshNats, lastingPlace, type StartedNats } from "@botfactory/infrastructure";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { botfactory } from "../e2e/support/botfactory.ts";
import { type ConnectedBot, choosePlan, connectBot } from "../e2e/support/bots.ts";
import { type EventLog, openEventLog } from "../e2e/support/event-log.ts";
import type { Owner } from "../e2e/support/people.ts";
import { startTestStack, type TestStack } from "../e2e/support/test-stack.ts";
import { until } from "../e2e/support/until.ts";
import { setEnvironment } from "../setup/environment.ts";
import { markedText } from "./chat-history.ts";
import { check } from "./checker.ts";

const MINUTE = 60_000;
const CHATS = 20;
// The long drill is `make chaos-restore`.
const BEFORE = 40;
const SINCE = Number(process.env["UPDATES"] ?? 100);
const HELD = 10;
const SLOW_CHAT = 77;

let directory: string;
let place: Awaited<ReturnType<typeof lastingPlace>>;
let nats: StartedNats;
let stack: TestStack;
let log: EventLog;
let bot: ConnectedBot;
let owner: Owner;
let marker = 0;
let giveBackEnvironment = () => {};

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "botfactory-drill-"));
  place = await lastingPlace(join(directory, "nats"));
  nats = await freshNats(place);
  // The stack uses what the environment names instead of starting its own.
  giveBackEnvironment = setEnvironment({ NATS_URL: nats.url, NATS_MONITORING_URL: nats.monitoring });
  stack = await startTestStack({ env: { GEMINI_RPM: "1000000", GEMINI_RPD: "1000000" } });
  owner = await stack.people.owner("aziza");
  await choosePlan(stack, owner, "premium");
  [log, bot] = await Promise.all([openEventLog(nats.url), connectBot(stack, owner)]);
}, 3 * MINUTE);
afterAll(async () => {
  await log?.close();
  await stack?.stop();
  await nats?.stop();
  await rm(directory, { recursive: true, force: true });
  giveBackEnvironment();
}, MINUTE);

async function say(chatId: number): Promise<number> {
  marker += 1;
  await stack.telegram.user(chatId).send(bot.telegramId, markedText(marker));
  return marker;
}

async function sayMany(count: number): Promise<void> {
  for (let sent = 0; sent < count; sent += 1) await say(1 + (sent % CHATS));
}

async function allAnswered(): Promise<void> {
  await stack.telegram.bot(bot.telegramId).waitUntilIdle(5 * MINUTE);
  await log.untilNothingIsLeft(3 * MINUTE);
}

/** `botfactory <command> <directory>`; what it said. */
function operator(command: "backup" | "restore"): Promise<string> {
  const env = { ...process.env, NATS_URL: nats.url, MONGODB_URL: stack.databaseUrl };
  return botfactory(env, command, join(directory, "backup"));
}

async function disaster(): Promise<void> {
  await Promise.all(stack.processes.map((process) => process.end("SIGKILL")));
  await nats.stop();
  await rm(place.dataDirectory, { recursive: true });
  // Telegram holds what is written while nobody is there.
  for (let sent = 0; sent < HELD; sent += 1) await say(1 + sent);
  // Quick to restore into; it syncs when it is stopped.
  nats = await freshNats({ ...place, sync: "2m" });
}

async function startAgain(): Promise<void> {
  await nats.stop();
  nats = await freshNats(place);
  await Promise.all(stack.processes.map((process) => process.start()));
  await Promise.all(stack.processes.map((process) => process.ready()));
}

describe("after everything in the log was lost and a backup restored", () => {
  it(
    "no answered message is answered again, what Telegram held is answered, and the rest is reported by number",
    async () => {
      await sayMany(BEFORE);
      await allAnswered();
      // Open while the backup is made, answered after it: the restored log will not know.
      await stack.model.script({ kind: "answer", afterMs: 8_000, times: 1, when: `q${marker + 1} ` });
      const slow = await say(SLOW_CHAT);
      await log.untilFact(bot.id, "turnStarted");
      await until("the model is asked", async () =>
        (await stack.model.requests()).some(({ body }) => JSON.stringify(body).includes(`q${slow} `)),
      );
      const backedUp = await operator("backup");
      await sayMany(SINCE);
      await allAnswered();
      const answers = await sentAnswers();
      expect(check(await stack.telegram.ledger())).toMatchObject({ lost: [], duplicated: [], unknown: [] });

      await disaster();
      const begun = performance.now();
      const restored = await operator("restore");
      await startAgain();
      const readyMs = Math.round(performance.now() - begun);
      await allAnswered();
      await until(
        "what Telegram held is answered",
        async () => (await sentAnswers()) >= answers + 1 && check(await stack.telegram.ledger()).lost.length === 0,
      );

      process.stderr.write(`${backedUp}${restored}  ready again ${readyMs} ms after the restore began\n`);
      const report = check(await stack.telegram.ledger());
      expect(report).toMatchObject({ updates: marker, lost: [], duplicated: [], outOfOrder: [], unknown: [] });
      expect(restored).toMatch(/1 open turns, 0 waiting updates/);
      const [, forgotten] = /messages of chats (\d+)/.exec(restored) ?? [];
      // A question and an answer each, fewer where words were joined; the slow answer too.
      expect(Number(forgotten)).toBeGreaterThan(SINCE / CHATS);
      expect(await readdir(directory)).not.toContain("backup.unfinished");
    },
    10 * MINUTE,
  );

  it(
    "the console shows what the restored log knows, and new messages",
    async () => {
      // The documents are made anew from the restored log while the console already answers.
      await until("all chats are listed", async () => {
        const { body } = await owner.call<{ chats: readonly unknown[] }>("GET", `/bots/${bot.id}/chats`);
        return body.chats.length >= CHATS;
      });
      const again = await say(SLOW_CHAT);
      await allAnswered();
      expect(check(await stack.telegram.ledger())).toMatchObject({ updates: again, lost: [], duplicated: [] });
    },
    MINUTE,
  );

  it("a second restore is refused, since streams are there", async () => {
    await expect(operator("restore")).rejects.toThrow("restore into an empty NATS");
  });
});

async function sentAnswers(): Promise<number> {
  const calls = await stack.telegram.ledger({ kind: "call", botId: bot.telegramId, method: "sendMessage" });
  return calls.filter((entry) => entry.kind === "call" && entry.executed).length;
}
