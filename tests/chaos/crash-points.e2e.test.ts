import type { CrashPoint } from "@botfactory/crash-points";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import * as owner from "./crash-points/bot-cases.ts";
import { projection } from "./crash-points/projection-case.ts";
import { rotation } from "./crash-points/rotation-case.ts";
import { openStage, type Stage } from "./crash-points/stage.ts";
import { type TurnCase, type TurnOutcome, turnThrough } from "./crash-points/turn-cases.ts";

/** How often each point is hit. */
const TIMES = Number(process.env["CRASH_POINT_TIMES"] ?? 1);
const MINUTE_MS = 60_000;

type TurnPoint = Extract<CrashPoint, `ing.${string}` | `wrk.${string}`>;
type OwnerPoint = Exclude<CrashPoint, TurnPoint>;

/** A point without a case does not compile. */
const TURNS: Readonly<Record<TurnPoint, TurnCase>> = {
  "ing.afterAuth": { service: "ingress" },
  "ing.beforePublish": { service: "ingress" },
  "ing.afterPubAck": { service: "ingress" },
  "wrk.beforeClaim": { service: "conversation" },
  "wrk.afterClaim": { service: "conversation" },
  "wrk.afterReserve": { service: "ai" },
  "wrk.afterGemini": { service: "conversation", wastesCall: true },
  "wrk.afterReplyGenerated": { service: "conversation" },
  "wrk.afterSend": { service: "conversation", mayDouble: true },
  "wrk.afterPartSent": { service: "conversation", isLong: true },
  "wrk.afterReplySent": { service: "conversation" },
  "wrk.afterAck": { service: "conversation" },
};

const OWNERS: Readonly<Record<OwnerPoint, owner.OwnerCase>> = {
  "log.midBatch": owner.creation,
  "bots.afterCreate": owner.creation,
  "bots.afterWebhookRequested": owner.webhookRequest,
  "bots.afterSetWebhook": owner.webhookConfirmation,
  "er.afterKeyDelete": owner.deletion,
  "prj.midBatch": projection,
  "prj.beforeCheckpoint": projection,
  "key.midRewrap": rotation,
};

let stage: Stage;
beforeAll(async () => {
  stage = await openStage();
}, 3 * MINUTE_MS);
afterAll(() => stage.stop());

async function repeated<Outcome>(run: () => Promise<Outcome>): Promise<readonly Outcome[]> {
  const all: Outcome[] = [];
  while (all.length < TIMES) all.push(await run());
  return all;
}

const named = <Case>(cases: Readonly<Record<string, Case>>) => Object.entries(cases) as [CrashPoint, Case][];

describe("a message whose process dies on its way", () => {
  it.each(named(TURNS))(
    "is answered, in order and once, after %s",
    async (point, turn) => {
      const { mayDouble, wastesCall } = turn;
      const turns = await repeated(() => turnThrough(stage, point, turn));
      tell(point, turns);
      for (const { lost, outOfOrder, doubled, wastedCalls } of turns) {
        expect({ lost, outOfOrder }).toEqual({ lost: 0, outOfOrder: 0 });
        expect(doubled).toBeLessThanOrEqual(mayDouble ? 1 : 0);
        expect(wastedCalls).toBe(wastesCall ? 1 : 0);
      }
    },
    TIMES * 5 * MINUTE_MS,
  );
});

describe("what an owner does while the process dies", () => {
  it.each(named(OWNERS))(
    "is done once, or can be done again, after %s",
    async (point, { facts, expected }) => {
      const outcomes = await repeated(() => facts(stage, point));
      expect(outcomes).toEqual(Array.from({ length: TIMES }, () => expected));
    },
    TIMES * 5 * MINUTE_MS,
  );
});

function tell(point: string, turns: readonly TurnOutcome[]): void {
  const sum = (name: keyof TurnOutcome) => turns.reduce((total, turn) => total + turn[name], 0);
  const slowest = Math.max(...turns.map(({ seconds }) => seconds)).toFixed(1);
  const figures = `${turns.length} deaths, ${sum("lost")} lost, ${sum("outOfOrder")} out of order, ${sum("doubled")} doubled`;
  process.stderr.write(`  ${point}: ${figures}, ${sum("wastedCalls")} calls wasted, answered within ${slowest} s\n`);
}
