import { fold } from "@botfactory/decider";
import { CallsReservedSchema, ReservationSchema } from "@botfactory/proto/events/v1/quota";
import { create } from "@bufbuild/protobuf";
import { describe, expect, it } from "@jest/globals";
import { type Asking, admit } from "./admit.ts";
import { allowance, unspent } from "./allowance.ts";
import type { QuotaFact, QuotaLimits } from "./ledger.ts";
import { quota } from "./quota.ts";

const NOON = Date.parse("2026-11-22T20:00:00Z");
const limits: QuotaLimits = {
  callsAWindow: 60,
  windowMs: 60_000,
  callsADay: 1_500,
  longestCallMs: 50_000,
  beginWithinMs: 9_000,
  clockErrorMs: 250,
};
const call = (ownerId: string, id: string) =>
  create(ReservationSchema, { reservationId: id, chargeKey: `bot:${id}`, ownerId, botId: "bot" });
const many = (ownerId: string, count: number, messagesADay?: number): Asking[] =>
  Array.from({ length: count }, (_, index) => ({ reservation: call(ownerId, `${ownerId}${index}`), messagesADay }));
const held = (ownerId: string, count: number): QuotaFact => ({
  case: "callsReserved",
  value: create(CallsReservedSchema, {
    reservations: Array.from({ length: count }, (_, index) => call(ownerId, `held-${ownerId}${index}`)),
    reservedAtUnixMs: BigInt(NOON),
  }),
});
const admitted = (past: readonly QuotaFact[], asking: readonly Asking[], allowanceOf = () => unspent) => {
  const outcome = admit(limits, fold(quota(limits), past), { atUnixMs: NOON, asking, allowanceOf });
  return [outcome.admitted.length, outcome.spent.length];
};

describe("a minute of 60 calls", () => {
  it("is never wholly one owner's, so that the next owner's first calls find room at once", () => {
    expect(admitted([], many("flood", 300))).toEqual([54, 0]);
    expect(admitted([held("flood", 54)], many("flood", 300))).toEqual([0, 0]);
    expect(admitted([held("flood", 54)], many("quiet", 5))).toEqual([5, 0]);
  });

  it("is used to the last call when many owners ask", () => {
    const asking = Array.from({ length: 100 }, (_, index) => many(`owner${index}`, 1)).flat();
    expect(admitted([], asking)).toEqual([60, 0]);
  });
});

describe("an owner with 3 messages left", () => {
  const spent197 = () =>
    allowance
      .decide(
        {
          atUnixMs: NOON,
          charge: Array.from({ length: 197 }, (_, key) => `old:${key}`),
          giveBack: [],
          messagesADay: 200,
        },
        unspent,
      )
      .reduce(allowance.evolve, unspent);

  it("gets 3 of 10 calls, and the other 7 are told", () => {
    expect(admitted([], many("ada", 10, 200), spent197)).toEqual([3, 7]);
  });

  it("pays once for two tries of one message", () => {
    const twice = [...many("ada", 3, 200), ...many("ada", 3, 200)];
    expect(admitted([], twice, spent197)).toEqual([6, 0]);
  });
});
