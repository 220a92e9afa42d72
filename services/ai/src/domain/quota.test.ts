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
import { evolveLedger } from "./evolve-ledger.ts";
import { freeCalls, nextFree } from "./free-calls.ts";
import { emptyLedger, type QuotaFact, type QuotaLimits } from "./ledger.ts";
import { quota, type WriteLedger } from "./quota.ts";

const limits: QuotaLimits = {
  callsAWindow: 3,
  windowMs: 60_000,
  callsADay: 5,
  longestCallMs: 42_000,
  beginWithinMs: 9_000,
  clockErrorMs: 250,
};
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
const end = (id: string, seenBy: number, outcome = CallOutcome.ANSWERED) =>
  create(CallSettledSchema, {
    reservationId: id,
    outcome,
    seenByUnixMs: BigInt(seenBy),
    settledAtUnixMs: BigInt(seenBy),
  });
const seen = (at: number, ...ids: string[]) =>
  ids.map((id): QuotaFact => ({ case: "callSettled", value: end(id, at) }));
const limit = (scope: LimitScope, until: number) =>
  create(LimitReportedSchema, { scope, retryAtUnixMs: BigInt(until), reportedAtUnixMs: BigInt(NOON) });
const limitedUntil = (scope: LimitScope, until: number): QuotaFact => ({
  case: "limitReported",
  value: limit(scope, until),
});
const next = (facts: readonly QuotaFact[], at: number, ahead = 0) =>
  nextFree(limits, fold(decider, facts), at)({ ahead });

describe("a minute with room for 3 calls", () => {
  const roomyDay = { ...limits, callsADay: 100 };
  const given = specFor(quota(roomyDay));
  const next = (facts: readonly QuotaFact[], at: number, ahead = 0) =>
    nextFree(roomyDay, fold(decider, facts), at)({ ahead });
  const full = [reservedAt(NOON, "a", "b", "c"), ...seen(NOON + 2_000, "a"), ...seen(NOON + 3_000, "b", "c")];

  it("admits 3 of 5 that ask together, in their order, as one fact", () =>
    given()
      .when(ask(NOON, "a", "b", "c", "d", "e"))
      .then(reservedAt(NOON, "a", "b", "c")));

  it("admits nobody while Google may still count 3 calls", () =>
    given(...full)
      .when(ask(NOON + 62_249, "d"))
      .then());

  it("admits as many as have left since the moment Google had seen them", () =>
    given(...full)
      .when(ask(NOON + 62_250, "d", "e"))
      .then(reservedAt(NOON + 62_250, "d")));

  it("does not write an end again that it has, however late: it would count twice in the usage", () => {
    const again = (at: number) => write(at, { settle: [end("a", NOON + 2_000), end("open", NOON + 2_000)] });
    const open = reservedAt(NOON, "open");
    given(...full, open)
      .when(again(NOON + 4_000))
      .then(...seen(NOON + 2_000, "open"));
    given(...full, open, reservedAt(NOON + 101_000, "e"))
      .when(again(NOON + 101_000))
      .then(...seen(NOON + 2_000, "open"));
  });

  it("keeps the place of a call without an end, whose process may have died, as long as Google may have seen it", () => {
    const lost = [reservedAt(NOON, "a", "b", "c"), ...seen(NOON + 2_000, "a", "b")];
    given(...lost)
      .when(ask(NOON + 102_249, "d", "e", "f"))
      .then(reservedAt(NOON + 102_249, "d", "e"));
    given(...lost)
      .when(ask(NOON + 102_250, "d", "e", "f"))
      .then(reservedAt(NOON + 102_250, "d", "e", "f"));
  });

  it("says when the next and the one after are free, those under way expected to be answered soon", () => {
    expect(next(full, NOON + 9_000)).toEqual({ scope: "minute", at: NOON + 62_250 });
    expect(next(full, NOON + 9_000, 1)).toEqual({ scope: "minute", at: NOON + 63_250 });
    expect(next(full, NOON + 9_000, 3)).toEqual({ scope: "minute", at: NOON + 124_250 });
    expect(next([reservedAt(NOON, "a", "b", "c")], NOON)).toEqual({ scope: "minute", at: NOON + 62_250 });
    expect(next([reservedAt(NOON, "a", "b", "c")], NOON + 70_000)).toEqual({ scope: "minute", at: NOON + 70_500 });
    expect(next([reservedAt(NOON, "a")], NOON + 1_000)).toEqual({ scope: "minute", at: NOON + 1_000 });
  });
});

describe("a Pacific day with room for 5 calls", () => {
  const past = [
    reservedAt(NOON, "a", "b", "c"),
    ...seen(NOON, "a", "b", "c"),
    reservedAt(NOON + 70_000, "d", "e"),
    ...seen(NOON + 70_000, "d", "e"),
  ];

  it("admits nobody after the fifth until midnight in California", () => {
    given(...past)
      .when(ask(MIDNIGHT - 10_000, "f"))
      .then();
    expect(next(past, MIDNIGHT - 10_000)).toEqual({ scope: "day", at: MIDNIGHT + 250 });
  });

  it("begins anew as soon as it is surely midnight for the log", () => {
    given(...past)
      .when(ask(MIDNIGHT + 249, "f"))
      .then();
    given(...past)
      .when(ask(MIDNIGHT + 250, "f"))
      .then(reservedAt(MIDNIGHT + 250, "f"));
  });

  it("counts a call that was under way at midnight for both days, ended or not", () => {
    const [before, after] = [MIDNIGHT - 1_000, MIDNIGHT + 62_000];
    const first = reservedAt(before, "a", "b", "c");
    const second = [reservedAt(after, "d", "e"), ...seen(after, "d", "e")];
    given(first, ...seen(MIDNIGHT + 500, "a", "b", "c"), ...second)
      .when(ask(after + 62_000, "f"))
      .then();
    given(first, ...second)
      .when(ask(after + 200_000, "f"))
      .then();
    given(first, ...seen(before, "a", "b", "c"), ...second)
      .when(ask(after + 62_000, "f"))
      .then(reservedAt(after + 62_000, "f"));
  });

  it("ends by the clocks of California, in summer and in the night of 25 hours too", () => {
    const endOf = (iso: string) => {
      const at = Date.parse(iso);
      const full = [reservedAt(at, "a", "b", "c", "d", "e"), ...seen(at, "a", "b", "c", "d", "e")];
      return new Date(next(full, at + 140_000).at).toISOString();
    };
    expect(endOf("2026-07-01T12:00:00Z")).toBe("2026-07-02T07:00:00.250Z");
    expect(endOf("2026-11-01T07:00:00Z")).toBe("2026-11-02T08:00:00.250Z");
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

  it("for the day is none for the next, told just before midnight and stored after it", () => {
    const told = create(LimitReportedSchema, {
      scope: LimitScope.DAY,
      retryAtUnixMs: BigInt(MIDNIGHT),
      reportedAtUnixMs: BigInt(MIDNIGHT - 1),
    });
    const ledger = evolveLedger(limits, emptyLedger, {
      fact: { case: "limitReported", value: told },
      storedAt: MIDNIGHT + 20_000,
    });
    expect(freeCalls(limits, ledger, MIDNIGHT + 20_000)).toBe(3);
  });

  it("for the day outweighs one for the minute", () => {
    const past = [limitedUntil(LimitScope.MINUTE, NOON + 5), limitedUntil(LimitScope.DAY, MIDNIGHT)];
    expect(next(past, NOON)).toEqual({ scope: "day", at: MIDNIGHT });
  });
});

describe("a call that ended", () => {
  it("leaves its end in the log, and counts also when it failed", () => {
    const value = end("a", NOON + 1_000, CallOutcome.FAILED);
    given(reservedAt(NOON, "a", "b", "c"))
      .when(write(NOON + 1_000, { settle: [value], reserve: [call("d")] }))
      .then({ case: "callSettled", value });
  });

  it("makes room in the same fact's moment when its window is over", () => {
    const value = end("a", NOON + 1_000);
    given(reservedAt(NOON, "a", "b", "c"))
      .when(write(NOON + 61_250, { settle: [value], reserve: [call("d")] }))
      .then({ case: "callSettled", value }, reservedAt(NOON + 61_250, "d"));
  });
});

describe("a ledger after a year", () => {
  it("remembers no more than one window and one day", () => {
    const [pause, count] = [8 * 3_600_000, 1_500];
    const facts = Array.from({ length: count }, (_, index) => reservedAt(NOON + index * pause, `${index}`));
    const ledger = fold(decider, facts);
    expect([...ledger.open, ...ledger.ended]).toHaveLength(1);
    expect(ledger.days.size).toBe(1);
    expect(freeCalls(limits, ledger, NOON + count * pause)).toBeGreaterThan(0);
  });
});
