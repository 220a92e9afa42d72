import { ReservationSchema } from "@botfactory/proto/events/v1/quota";
import { create } from "@bufbuild/protobuf";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { Ledger, QuotaLimits } from "./ledger.ts";
import { endOfPacificDay, pacificDay } from "./pacific-day.ts";
import { type QuotaFact, quota } from "./quota.ts";

const limits: QuotaLimits = { callsAWindow: 4, windowMs: 1_000, callsADay: 9, arrivalMs: 100 };
// Half of what a call may take to arrive; a process' reading of the log's clock may be off by the rest.
const SLOWEST_ARRIVAL_MS = 50;
const CLOCK_ERROR_MS = 24;

/** Processes that ask at any moments, of any number of calls, with clocks a little off, around midnight in California. */
const asks = fc.array(
  fc.record({
    pauseMs: fc.oneof(fc.nat(40), fc.nat(1_500), fc.integer({ min: 900, max: 1_100 })),
    clockErrorMs: fc.integer({ min: -CLOCK_ERROR_MS, max: CLOCK_ERROR_MS }),
    calls: fc.integer({ min: 1, max: 9 }),
    isStale: fc.boolean(),
    arrivals: fc.array(fc.nat(SLOWEST_ARRIVAL_MS), { minLength: 9, maxLength: 9 }),
  }),
  { maxLength: 80 },
);
const MIDNIGHT = Date.parse("2026-11-23T08:00:00Z");

type Ask = typeof asks extends fc.Arbitrary<infer Asks> ? (Asks extends (infer One)[] ? One : never) : never;

/** Plays it as the log would: a decision on a state that is no longer the last one is thrown away. */
function arrivalsOf(history: readonly Ask[], decider = quota(limits)): number[] {
  const seen: number[] = [];
  let ledger: Ledger = decider.initial;
  let now = MIDNIGHT - 1_000;
  for (const { pauseMs, clockErrorMs, calls, isStale, arrivals } of history) {
    now += pauseMs;
    const reserve = Array.from({ length: calls }, (_, index) =>
      create(ReservationSchema, { reservationId: `${now}-${index}` }),
    );
    const facts = decider.decide({ atUnixMs: now + clockErrorMs, reserve, settle: [], report: [] }, ledger);
    if (isStale) continue;
    seen.push(...arrivals.slice(0, admittedBy(facts)).map((onTheWay) => now + onTheWay));
    ledger = facts.reduce(decider.evolve, ledger);
  }
  return seen.sort((a, b) => a - b);
}

function admittedBy(facts: readonly QuotaFact[]): number {
  return facts.reduce((sum, fact) => sum + (fact.case === "callsReserved" ? fact.value.reservations.length : 0), 0);
}

describe("whatever the processes do", () => {
  it("Google never sees one call more than the limit within any window", () => {
    fc.assert(
      fc.property(asks, (history) => {
        const seen = arrivalsOf(history, quota({ ...limits, callsADay: 1_000 }));
        const excess = seen.filter((at, index) => {
          const earlier = seen[index - limits.callsAWindow];
          return earlier !== undefined && at - earlier < limits.windowMs;
        });
        expect(excess).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  });

  it("Google never sees one call more than the limit within a Pacific day", () => {
    fc.assert(
      fc.property(asks, (history) => {
        const days = new Map<string, number>();
        for (const at of arrivalsOf(history)) days.set(pacificDay(at), (days.get(pacificDay(at)) ?? 0) + 1);
        for (const calls of days.values()) expect(calls).toBeLessThanOrEqual(limits.callsADay);
      }),
      { numRuns: 1_000 },
    );
  });

  it("a day ends where the next one begins", () => {
    const moments = fc.integer({ min: Date.parse("2026-01-01"), max: Date.parse("2030-01-01") });
    fc.assert(
      fc.property(moments, (at) => {
        const end = endOfPacificDay(at);
        expect(pacificDay(end - 1)).toBe(pacificDay(at));
        expect(pacificDay(end) > pacificDay(at)).toBe(true);
      }),
    );
  });
});
