import { fold } from "@botfactory/decider";
import { specFor } from "@botfactory/decider/testing";
import {
  CallOutcome,
  CallSettledSchema,
  CallsReservedSchema,
  LimitReportedSchema,
  LimitScope,
  ReservationSchema,
} from "@botfactory/proto/events/v1/quota";
import { create } from "@bufbuild/protobuf";
import { describe, expect, it } from "@jest/globals";
import { freeCalls, nextFree } from "./free-calls.ts";
import type { QuotaLimits } from "./ledger.ts";
import { type QuotaFact, quota, type WriteLedger } from "./quota.ts";

const limits: QuotaLimits = { callsAWindow: 3, windowMs: 60_000, callsADay: 5, arrivalMs: 2_000 };
const decider = quota(limits);
const given = specFor(decider);

const NOON = Date.parse("2026-11-22T20:00:00Z");
const MIDNIGHT = Date.parse("2026-11-23T08:00:00Z");

const call = (id: string) =>
  create(ReservationSchema, { reservationId: id, chargeKey: `bot:${id}`, ownerId: "ada", botId: "bot" });
const write = (atUnixMs: number, more: Partial<WriteLedger> = {}): WriteLedger => ({
  atUnixMs,
  reserve: [],
  settle: [],
  report: [],
  ...more,
});
const ask = (atUnixMs: number, ...ids: string[]) => write(atUnixMs, { reserve: ids.map(call) });
const reservedAt = (at: number, ...ids: string[]): QuotaFact => ({
  case: "callsReserved",
  value: create(CallsReservedSchema, { reservations: ids.map(call), reservedAtUnixMs: BigInt(at) }),
});
const limit = (scope: LimitScope, until: number) =>
  create(LimitReportedSchema, { scope, retryAtUnixMs: BigInt(until) });
const limitedUntil = (scope: LimitScope, until: number): QuotaFact => ({
  case: "limitReported",
  value: limit(scope, until),
});
const next = (facts: readonly QuotaFact[], at: number, ahead = 0) =>
  nextFree(limits, fold(decider, facts), { at, ahead });

describe("a minute with room for 3 calls", () => {
  it("admits 3 of 5 that ask together, in their order, as one fact", () =>
    given()
      .when(ask(NOON, "a", "b", "c", "d", "e"))
      .then(reservedAt(NOON, "a", "b", "c")));

  it("admits nobody while 3 calls may still be within Google's window", () =>
    given(reservedAt(NOON, "a", "b", "c"))
      .when(ask(NOON + 61_999, "d"))
      .then());

  it("admits as many as have left the window, the way to Google allowed for", () =>
    given(reservedAt(NOON, "a"), reservedAt(NOON + 1, "b", "c"))
      .when(ask(NOON + 62_000, "d", "e"))
      .then(reservedAt(NOON + 62_000, "d")));

  it("says when the next and the one after are free", () => {
    const past = [reservedAt(NOON, "a"), reservedAt(NOON + 500, "b", "c")];
    expect(next(past, NOON + 1_000)).toEqual({ scope: "minute", at: NOON + 62_000 });
    expect(next(past, NOON + 1_000, 1)).toEqual({ scope: "minute", at: NOON + 62_500 });
    expect(next([reservedAt(NOON, "a")], NOON + 1_000)).toEqual({ scope: "minute", at: NOON + 1_000 });
  });

  it("counts reservations of a process whose clock is a little ahead", () =>
    given(reservedAt(NOON + 40, "a", "b", "c"))
      .when(ask(NOON, "d"))
      .then());
});

describe("a Pacific day with room for 5 calls", () => {
  const past = [reservedAt(NOON, "a", "b", "c"), reservedAt(NOON + 70_000, "d", "e")];

  it("admits nobody after the fifth until midnight in California", () => {
    given(...past)
      .when(ask(MIDNIGHT - 10_000, "f"))
      .then();
    expect(next(past, MIDNIGHT - 10_000)).toEqual({ scope: "day", at: MIDNIGHT });
  });

  it("begins anew at midnight", () =>
    given(...past)
      .when(ask(MIDNIGHT, "f"))
      .then(reservedAt(MIDNIGHT, "f")));

  it("counts a call of the last 2 s before midnight for both days, since Google may see it in either", () => {
    const late = [reservedAt(MIDNIGHT - 1_000, "a", "b", "c"), reservedAt(MIDNIGHT + 70_000, "d", "e")];
    given(...late)
      .when(ask(MIDNIGHT + 150_000, "f"))
      .then();
  });

  it("ends an hour later by UTC in summer, and after 25 hours in the night the clocks go back", () => {
    const day = (iso: string) =>
      next(
        [
          limitedUntil(LimitScope.DAY, 0),
          reservedAt(Date.parse(iso), "a", "b", "c"),
          reservedAt(Date.parse(iso) + 70_000, "d", "e"),
        ],
        Date.parse(iso) + 140_000,
      ).at;
    expect(new Date(day("2026-07-01T12:00:00Z")).toISOString()).toBe("2026-07-02T07:00:00.000Z");
    expect(new Date(day("2026-11-01T07:00:00Z")).toISOString()).toBe("2026-11-02T08:00:00.000Z");
  });
});

describe("a limit Google itself reported", () => {
  it("is written once for many calls that hear of it, and holds until its time", () => {
    const report = [limit(LimitScope.MINUTE, NOON + 30_000), limit(LimitScope.MINUTE, NOON + 30_400)];
    given()
      .when(write(NOON, { report, reserve: [call("a")] }))
      .then(limitedUntil(LimitScope.MINUTE, NOON + 30_400));
    const past = [limitedUntil(LimitScope.MINUTE, NOON + 30_400)];
    given(...past)
      .when(write(NOON + 100, { report: [limit(LimitScope.MINUTE, NOON + 30_900)] }))
      .then();
    given(...past)
      .when(ask(NOON + 30_399, "a"))
      .then();
    given(...past)
      .when(ask(NOON + 30_400, "a"))
      .then(reservedAt(NOON + 30_400, "a"));
    expect(next(past, NOON)).toEqual({ scope: "minute", at: NOON + 30_400 });
  });

  it("for the day outweighs one for the minute", () =>
    expect(next([limitedUntil(LimitScope.MINUTE, NOON + 5), limitedUntil(LimitScope.DAY, MIDNIGHT)], NOON)).toEqual({
      scope: "day",
      at: MIDNIGHT,
    }));
});

describe("a call that ended", () => {
  it("leaves its tokens in the log and still counts", () => {
    const value = create(CallSettledSchema, { reservationId: "a", inputTokens: 5, outcome: CallOutcome.FAILED });
    given(reservedAt(NOON, "a", "b", "c"))
      .when(write(NOON + 1_000, { settle: [value], reserve: [call("d")] }))
      .then({ case: "callSettled", value });
  });
});

describe("a ledger after a year", () => {
  it("remembers no more than one window and one day", () => {
    const facts = Array.from({ length: 2_000 }, (_, index) => reservedAt(NOON + index * 8 * 3_600_000, `${index}`));
    const ledger = fold(decider, facts);
    expect(ledger.recent).toHaveLength(1);
    expect(ledger.days.size).toBe(1);
    expect(freeCalls(limits, ledger, NOON + 2_000 * 8 * 3_600_000)).toBeGreaterThan(0);
  });
});
