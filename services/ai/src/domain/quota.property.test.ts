import { CallSettledSchema, ReservationSchema } from "@botfactory/proto/events/v1/quota";
import { create } from "@bufbuild/protobuf";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import type { Ledger, QuotaFact, QuotaLimits } from "./ledger.ts";
import { endOfPacificDay, pacificDay } from "./pacific-day.ts";
import { quota } from "./quota.ts";

const limits: QuotaLimits = { callsAWindow: 4, windowMs: 1_000, callsADay: 9, longestCallMs: 600, clockErrorMs: 40 };
const MIDNIGHT = Date.parse("2026-11-23T08:00:00Z");

/** A call after its reservation: when Google sees it, when the process knows, when the log has it; perhaps never. */
const call = fc.record({
  arrivesMs: fc.oneof(fc.nat(30), fc.nat(600)),
  answeredMs: fc.nat(600),
  recordedMs: fc.nat(300),
  isLost: fc.boolean(),
});

/** Processes that ask at any moment, for any number of calls, with clocks a little off, around midnight in California. */
const ask = fc.record({
  pauseMs: fc.oneof(fc.nat(40), fc.nat(1_500), fc.integer({ min: 900, max: 1_100 })),
  clockErrorMs: fc.integer({ min: -20, max: 20 }),
  calls: fc.array(call, { minLength: 1, maxLength: 9 }),
  losesRace: fc.boolean(),
});
const asks = fc.array(ask, { maxLength: 80 });

type Ask = typeof ask extends fc.Arbitrary<infer One> ? One : never;
type Due = { readonly at: number; readonly fact: QuotaFact };

/** Plays it as the log would (a decision on a state that is no longer the last is thrown away); what Google sees. */
function arrivalsOf(history: readonly Ask[], callsADay = limits.callsADay): number[] {
  const decider = quota({ ...limits, callsADay });
  const seen: number[] = [];
  let due: Due[] = [];
  let ledger: Ledger = decider.initial;
  let now = MIDNIGHT - 1_500;
  for (const { pauseMs, clockErrorMs, calls, losesRace } of history) {
    now += pauseMs;
    for (const { fact } of due.filter(({ at }) => at <= now)) ledger = decider.evolve(ledger, fact);
    due = due.filter(({ at }) => at > now);
    const reserve = calls.map((_, index) => create(ReservationSchema, { reservationId: `${now}-${index}` }));
    const command = { atUnixMs: now + clockErrorMs, reserve, settle: [], report: [] };
    const facts = decider.decide(command, ledger);
    if (losesRace) continue;
    ledger = facts.reduce(decider.evolve, ledger);
    for (const [index, one] of calls.slice(0, admittedBy(facts)).entries()) {
      seen.push(now + one.arrivesMs);
      if (!one.isLost) due.push(endOf(`${now}-${index}`, now, one));
    }
  }
  return seen.sort((a, b) => a - b);
}

function endOf(reservationId: string, now: number, { arrivesMs, answeredMs, recordedMs }: Ask["calls"][number]): Due {
  const seenBy = now + Math.min(arrivesMs + answeredMs, limits.longestCallMs);
  const value = create(CallSettledSchema, {
    reservationId,
    seenByUnixMs: BigInt(seenBy),
    settledAtUnixMs: BigInt(seenBy),
  });
  return { at: seenBy + recordedMs, fact: { case: "callSettled", value } };
}

function admittedBy(facts: readonly QuotaFact[]): number {
  return facts.reduce((sum, fact) => sum + (fact.case === "callsReserved" ? fact.value.reservations.length : 0), 0);
}

describe("whatever the processes do", () => {
  it("Google never sees one call more than the limit within any window", () => {
    fc.assert(
      fc.property(asks, (history) => {
        const seen = arrivalsOf(history, 1_000);
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
