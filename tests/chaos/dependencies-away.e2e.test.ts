import { setTimeout as passed } from "node:timers/promises";
import { repliesEn } from "@botfactory/phrases";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { type ConnectedBot, choosePlan, connectBot, createBot } from "../e2e/support/bots.ts";
import { type EventLog, openEventLog } from "../e2e/support/event-log.ts";
import type { Owner } from "../e2e/support/people.ts";
import { until } from "../e2e/support/until.ts";
import { type Absentee, type AwayStack, startAwayStack } from "./away/away-stack.ts";
import { CHATS, type Talk, talk } from "./away/talk.ts";
import { check } from "./checker.ts";

/** How long each is away, at least: until what is to be seen meanwhile has been seen. */
const AWAY_MS = Number(process.env["AWAY_SECONDS"] ?? 6) * 1_000;
const PATIENCE_MS = 120_000;
const UNAVAILABLE = { status: 503, body: { code: "unavailable", remedy: "Nothing is lost. Try again in a minute." } };

let stack: AwayStack;
let log: EventLog;
let owner: Owner;
let bot: ConnectedBot;

beforeAll(async () => {
  stack = await startAwayStack();
  log = await openEventLog(stack.natsUrl);
  owner = await stack.people.owner("aziza");
  await choosePlan(stack, owner, "premium");
  bot = await connectBot(stack, owner);
}, 180_000);
afterAll(async () => {
  await log.close();
  await stack.stop();
}, 60_000);
beforeEach(async () => {
  // Keycloak's tokens live five minutes.
  owner = await stack.people.owner("aziza");
});

/** People write, the part leaves, comes back, and everything is drained; what was lost, doubled or overtaken meanwhile. */
async function whileAway(absentee: Absentee, look: (people: Talk) => Promise<void>) {
  const part = stack.dependencies[absentee];
  const people = talk(stack, bot.telegramId);
  try {
    await people.answerToOneMore();
    await part.leave();
    const leftAt = Date.now();
    try {
      await look(people);
      await passed(Math.max(0, AWAY_MS - (Date.now() - leftAt)));
    } finally {
      await part.comeBack();
    }
    const answeredAway = (await people.ledger()).filter((entry) => isAnswer(entry) && entry.at > leftAt).length;
    const backAt = Date.now();
    await people.answerToOneMore(PATIENCE_MS);
    people.stop();
    await stack.telegram.bot(bot.telegramId).waitUntilIdle(PATIENCE_MS);
    await log.untilNothingIsLeft(PATIENCE_MS);
    await untilAllAreReady();
    const { lost, unknown, duplicated, outOfOrder, classes } = check(await people.ledger());
    tell(absentee, {
      posted: people.posted(),
      ...classes,
      answeredAway,
      awayMs: backAt - leftAt,
      drainMs: Date.now() - backAt,
    });
    return { lost, unknown, duplicated, outOfOrder, classes };
  } finally {
    people.stop();
  }
}

function isAnswer(entry: Awaited<ReturnType<Talk["ledger"]>>[number]): boolean {
  return entry.kind === "call" && entry.method === "sendMessage" && entry.executed;
}

async function signInPage() {
  const headers = { accept: "text/html", "accept-language": "en" };
  const page = await fetch(`${stack.web}/login`, { headers, redirect: "manual" });
  const text = await page.text();
  return { status: page.status, says: /Sign-in is not available|Try again in a minute/.exec(text)?.[0] };
}

async function readiness(): Promise<Record<string, number>> {
  const asked = stack.processes.map(async ({ name, adminPort }) => {
    const answer = await fetch(`http://127.0.0.1:${adminPort}/readyz`).catch(() => undefined);
    return [name, answer?.status ?? 0] as const;
  });
  return Object.fromEntries(await Promise.all(asked));
}

const ALL_READY = { bots: 200, ai: 200, conversation: 200, ingress: 200, web: 200 };

const untilAllAreReady = () => untilReadiness(ALL_READY);

function untilReadiness(expected: Partial<typeof ALL_READY>): Promise<unknown> {
  return until(
    `readiness is ${JSON.stringify(expected)}`,
    async () => {
      const now = await readiness();
      return Object.entries(expected).every(([name, status]) => now[name] === status);
    },
    PATIENCE_MS,
  );
}

function tell(absentee: Absentee, figures: object): void {
  process.stderr.write(`  ${absentee} away: ${JSON.stringify(figures)}\n`);
}

const UNHARMED = { lost: [], unknown: [], duplicated: [], outOfOrder: [] };
const NOBODY_REFUSED = {
  ...UNHARMED,
  classes: expect.objectContaining({ refused: 0, undeliverable: 0, quarantined: 0 }),
};
const LONG = 2 * PATIENCE_MS + 3 * AWAY_MS;

describe("while a part is away, no message is lost, doubled or overtaken, and", () => {
  it(
    "NATS: Telegram is asked to come back, and an owner's change is refused with a remedy",
    async () => {
      const report = await whileAway("NATS", async () => {
        await untilReadiness({ ingress: 503 });
        expect(await owner.call("PATCH", `/bots/${bot.id}`, { name: "Renamed" })).toMatchObject(UNAVAILABLE);
        expect((await owner.call("GET", "/bots")).status).toBe(200);
      });
      expect(report).toEqual(NOBODY_REFUSED);
    },
    LONG,
  );

  it(
    "MongoDB: answers go on; the console says that it is not available, and what to do",
    async () => {
      const report = await whileAway("MongoDB", async (people) => {
        await people.answerToOneMore();
        expect(await owner.call("GET", "/bots")).toMatchObject(UNAVAILABLE);
        expect((await owner.call("PATCH", `/bots/${bot.id}`, { name: "Stored" })).status).toBe(200);
        expect(await signInPage()).toEqual({ status: 503, says: "Try again in a minute" });
        await untilReadiness({ web: 503, conversation: 200, ingress: 200 });
      });
      expect(report).toEqual(NOBODY_REFUSED);
      const caughtUp = async () =>
        (await owner.call<{ name: string }>("GET", `/bots/${bot.id}`)).body.name === "Stored";
      await until("the console shows what was changed meanwhile", caughtUp);
    },
    LONG,
  );

  it(
    "Keycloak: answers go on and who is signed in works on; nobody can sign in",
    async () => {
      const report = await whileAway("Keycloak", async (people) => {
        await people.answerToOneMore();
        expect((await owner.call("GET", "/bots")).status).toBe(200);
        expect((await owner.call("PATCH", `/bots/${bot.id}`, { name: "Renamed" })).status).toBe(200);
        const refused = async () => (await signInPage()).says === "Sign-in is not available";
        await until("signing in is refused in words", refused);
        expect(await readiness()).toEqual(ALL_READY);
      });
      expect(report).toEqual(NOBODY_REFUSED);
    },
    LONG,
  );

  it(
    "bots: a bot that was talking talks on; the console says what to do",
    async () => {
      const report = await whileAway("bots", async (people) => {
        await people.answerToOneMore();
        expect(await owner.call("GET", "/bots")).toMatchObject(UNAVAILABLE);
        await people.answerToOneMore();
      });
      expect(report).toEqual(NOBODY_REFUSED);
    },
    LONG,
  );

  it(
    "ai: messages wait and are answered when it is back",
    async () => {
      const report = await whileAway("ai", async (people) => {
        await people.nextTyping();
        expect(await owner.call("POST", `/bots/${bot.id}/test-chat`, { text: "Hi" })).toMatchObject(UNAVAILABLE);
        // web's way to bots, away just before, is tried again after two seconds at most.
        await until("the bots are listed", async () => (await owner.call("GET", "/bots")).status === 200);
      });
      expect(report).toEqual(NOBODY_REFUSED);
    },
    LONG,
  );

  it(
    "Gemini: people are told to try again, and the owner reads why",
    async () => {
      const report = await whileAway("Gemini", async (people) => {
        await until("people are told", async () => (await people.nextSaying()) === repliesEn.ai_overloaded);
        const tried = await owner.call("POST", `/bots/${bot.id}/test-chat`, { text: "Hi" });
        expect(tried).toMatchObject({ status: 200, body: { refusal: { code: "ai_overloaded" } } });
        expect(await readiness()).toEqual(ALL_READY);
      });
      expect(report).toMatchObject(UNHARMED);
      expect(report.classes).toMatchObject({ undeliverable: 0, quarantined: 0 });
      expect(report.classes.refused).toBeGreaterThan(0);
    },
    LONG,
  );

  it(
    "Telegram: answers are kept and sent when it is back; the owner reads that Telegram does not answer",
    async () => {
      const other = await createBot(stack, owner);
      const report = await whileAway("Telegram", async () => {
        const refused = await owner.call("POST", `/bots/${other.id}/webhook`, {});
        expect(refused).toMatchObject({ status: 503, body: { code: "telegram_unreachable" } });
        expect(await readiness()).toEqual(ALL_READY);
      });
      // A send that was cut off after Telegram had taken it leaves a doubt, and is repeated: one at most in each chat.
      const { duplicated, ...rest } = report;
      expect(duplicated.length).toBeLessThanOrEqual(CHATS);
      expect({ ...rest, duplicated: [] }).toEqual(NOBODY_REFUSED);
    },
    LONG,
  );
});
