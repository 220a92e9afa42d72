import { CallSettledSchema, ReservationSchema } from "@botfactory/proto/events/v1/quota";
import { create } from "@bufbuild/protobuf";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { evolveLedger } from "./evolve-ledger.ts";
import type { Ledger, QuotaFact, QuotaLimits } from "./ledger.ts";
import { endOfPacificDay, pacificDay } from "./pacific-day.ts";
import { quota } from "./quota.ts";

const limits: QuotaLimits = {
  callsAWindow: 4,
  windowMs: 1_000,
  callsADay: 9,
  longestCallMs: 600,
  beginWithinMs: 200,
  clockErrorMs: 40,
};
const HOUR_MS = 3_600_000;
// Midnight in California: of a usual day, of the night of 23 hours and of the one of 25.
const MIDNIGHTS = ["2026-11-23T08:00:00Z", "2026-03-08T08:00:00Z", "2026-03-09T07:00:00Z", "2026-11-02T08:00:00Z"];

/** A call after its reservation: when Google sees it, when the process knows, when the log has it; perhaps never. */
const call = fc.record({
  arrivesMs: fc.oneof(fc.nat(30), fc.nat(600)),
  answeredMs: fc.nat(600),
  recordedMs: fc.nat(300),
  isLost: fc.boolean(),
});

/** Processes that ask at any moment, for any number of calls, with good and bad clocks, on a fast or slow log. */
const ask = fc.record({
  pauseMs: fc.oneof(fc.nat(40), fc.nat(1_500), fc.integer({ min: 900, max: 1_100 })),
  clockErrorMs: fc.oneof(fc.integer({ min: -60, max: 60 }), fc.constantFrom(-HOUR_MS, HOUR_MS)),
  storedAfterMs: fc.oneof(fc.nat(20), fc.nat(400)),
  calls: fc.array(call, { minLength: 1, maxLength: 9 }),
  losesRace: fc.boolean(),
});
const asks = fc.array(ask, { maxLength: 80 });
const midnight = fc.constantFrom(...MIDNIGHTS).map((iso) => Date.parse(iso));

type Ask = typeof ask extends fc.Arbitrary<infer One> ? One : never;
type Due = { readonly at: number; readonly fact: QuotaFact };

/** Plays it as the log would (a decision on a state that is no longer the last is thrown away); what Google sees. */
function arrivalsOf(history: readonly Ask[], { from, callsADay = limits.callsADay }: Play): number[] {
  const own = { ...limits, callsADay };
  const decider = quota(own);
  const seen: number[] = [];
  let due: Due[] = [];
  let ledger: Ledger = decider.initial;
  let now = from - 1_500;
  const passTo = (later: number) => {
    now = later;
    for (const { at, fact } of due.filter(({ at }) => at <= now))
      ledger = evolveLedger(own, ledger, { fact, storedAt: at });
    due = due.filter(({ at }) => at > now);
  };
  for (const [turn, { pauseMs, clockErrorMs, storedAfterMs, calls, losesRace }] of history.entries()) {
    passTo(now + pauseMs);
    const decidedAt = now + clockErrorMs;
    const reserve = calls.map((_, index) => create(ReservationSchema, { reservationId: `${turn}-${index}` }));
    const facts = decider.decide({ atUnixMs: decidedAt, reserve, settle: [], report: [] }, ledger);
    if (losesRace || due.some(({ at }) => at <= now + storedAfterMs)) continue;
    now += storedAfterMs;
    ledger = facts.reduce((state, fact) => evolveLedger(own, state, { fact, storedAt: now }), ledger);
    for (const [index, one] of calls.entries()) {
      const reservationId = reserve[index]?.reservationId ?? "";
      if (!ledger.open.some(({ id }) => id === reservationId)) continue;
      seen.push(now + one.arrivesMs);
      const sinceDecided = storedAfterMs + Math.min(one.arrivesMs + one.answeredMs, own.longestCallMs);
      if (!one.isLost) due.push(endOf({ reservationId, now, seenBy: decidedAt + sinceDecided }, one));
    }
  }
  return seen.sort((a, b) => a - b);
}

interface Play {
  readonly from: number;
  readonly callsADay?: number;
}

interface Ended {
  readonly reservationId: string;
  readonly now: number;
  /** By the clock of the process, right or wrong. */
  readonly seenBy: number;
}

function endOf(
  { reservationId, now, seenBy }: Ended,
  { arrivesMs, answeredMs, recordedMs }: Ask["calls"][number],
): Due {
  const at = now + Math.min(arrivesMs + answeredMs, limits.longestCallMs) + recordedMs;
  const value = create(CallSettledSchema, {
    reservationId,
    seenByUnixMs: BigInt(seenBy),
    settledAtUnixMs: BigInt(seenBy),
  });
  return { at, fact: { case: "callSettled", value } };
}

describe("whatever the processes do, some of them with a clock an hour off", () => {
  it("Google never sees one call more than the limit within any window", () => {
    fc.assert(
      fc.property(asks, midnight, (history, from) => {
        const seen = arrivalsOf(history, { from, callsADay: 1_000 });
        const excess = seen.filter((at, index) => {
          const earlier = seen[index - limits.callsAWindow];
          return earlier !== undefined && at - earlier < limits.windowMs;
        });
        expect(excess).toEqual([]);
      }),
      { numRuns: 1_000 },
    );
  });

  it("Google never sees one call more than the limit within a Pacific day, be it of 23, 24 or 25 hours", () => {
    fc.assert(
      fc.property(asks, midnight, (history, from) => {
        const days = new Map<string, number>();
        for (const at of arrivalsOf(history, { from })) days.set(pacificDay(at), (days.get(pacificDay(at)) ?? 0) + 1);
        for (const calls of days.values()) expect(calls).toBeLessThanOrEqual(limits.callsADay);
      }),
      { numRuns: 1_000 },
    );
  });

  it("those with a right clock are not held up by the others: a second later the window is theirs again", () => {
    const wrong = ask.map((one) => ({ ...one, clockErrorMs: one.clockErrorMs < 0 ? -HOUR_MS : HOUR_MS }));
    fc.assert(
      fc.property(fc.array(wrong, { maxLength: 20 }), midnight, (history, from) => {
        const late = { arrivesMs: 0, answeredMs: 0, recordedMs: 0, isLost: true };
        const right: Ask = {
          ...late,
          pauseMs: 0,
          clockErrorMs: 0,
          storedAfterMs: 0,
          calls: [late, late, late],
          losesRace: false,
        };
        expect(arrivalsOf([...history, right], { from, callsADay: 1_000 })).toHaveLength(3);
      }),
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
