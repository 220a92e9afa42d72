import type { Decider } from "@botfactory/decider";
import {
  type CallSettled,
  CallsReservedSchema,
  type LimitReported,
  LimitScope,
  type QuotaEvent,
  type Reservation,
} from "@botfactory/proto/events/v1/quota";
import { create } from "@bufbuild/protobuf";
import { freeCalls } from "./free-calls.ts";
import { type CallsAt, emptyLedger, type Ledger, type QuotaLimits } from "./ledger.ts";
import { pacificDay } from "./pacific-day.ts";

export type QuotaFact = Exclude<QuotaEvent["event"], { case: undefined }>;

/** What one process has to write at one moment; the calls are admitted in their order as far as there is room. */
export interface WriteLedger {
  readonly atUnixMs: number;
  readonly reserve: readonly Reservation[];
  readonly settle: readonly CallSettled[];
  readonly report: readonly LimitReported[];
}

/** Who spent which calls of one Google project and model. */
export function quota(limits: QuotaLimits): Decider<WriteLedger, Ledger, QuotaFact> {
  const evolve = (ledger: Ledger, fact: QuotaFact) => evolveLedger(limits, ledger, fact);
  return {
    initial: emptyLedger,
    evolve,
    decide({ atUnixMs, reserve, settle, report }, ledger) {
      const reported = newLimits(ledger, report);
      const admitted = reserve.slice(0, freeCalls(limits, reported.reduce(evolve, ledger), atUnixMs));
      const settled = settle.map((value): QuotaFact => ({ case: "callSettled", value }));
      if (admitted.length === 0) return [...settled, ...reported];
      const value = create(CallsReservedSchema, { reservations: [...admitted], reservedAtUnixMs: BigInt(atUnixMs) });
      return [...settled, ...reported, { case: "callsReserved", value }];
    },
  };
}

// Many calls in flight hear of the same limit at nearly the same time.
const SAME_LIMIT_MS = 1_000n;

function newLimits(ledger: Ledger, report: readonly LimitReported[]): QuotaFact[] {
  return [LimitScope.MINUTE, LimitScope.DAY].flatMap((scope) => {
    const [latest] = report
      .filter((limit) => limit.scope === scope)
      .sort((a, b) => Number(b.retryAtUnixMs - a.retryAtUnixMs));
    const known = BigInt(scope === LimitScope.DAY ? ledger.dayLimitUntil : ledger.minuteLimitUntil);
    if (latest === undefined || latest.retryAtUnixMs <= known + SAME_LIMIT_MS) return [];
    return [{ case: "limitReported", value: latest }];
  });
}

function evolveLedger(limits: QuotaLimits, ledger: Ledger, fact: QuotaFact): Ledger {
  switch (fact.case) {
    case "callsReserved":
      return reserved(limits, ledger, {
        at: Number(fact.value.reservedAtUnixMs),
        calls: fact.value.reservations.length,
      });
    case "callSettled":
      return ledger;
    case "limitReported": {
      const until = Number(fact.value.retryAtUnixMs);
      return fact.value.scope === LimitScope.DAY
        ? { ...ledger, dayLimitUntil: until }
        : { ...ledger, minuteLimitUntil: until };
    }
  }
}

/**
 * What can no longer matter is forgotten here, so a ledger stays as small as its limits. Processes' readings of the
 * log's clock differ a little, so it is kept one allowance longer.
 */
function reserved({ windowMs, arrivalMs }: QuotaLimits, ledger: Ledger, now: CallsAt): Ledger {
  const seenFrom = now.at - windowMs - 2 * arrivalMs;
  const today = pacificDay(now.at - arrivalMs);
  // A call reserved just before midnight may reach Google just after it, so it counts in both days.
  const days = new Map([...ledger.days].filter(([day]) => day >= today));
  for (const day of new Set([pacificDay(now.at), pacificDay(now.at + arrivalMs)])) {
    days.set(day, (days.get(day) ?? 0) + now.calls);
  }
  return { ...ledger, recent: [...ledger.recent.filter(({ at }) => at > seenFrom), now], days };
}
