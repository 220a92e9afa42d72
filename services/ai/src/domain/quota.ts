import type { Decider } from "@botfactory/decider";
import {
  type CallSettled,
  CallsReservedSchema,
  type LimitReported,
  LimitScope,
  type Reservation,
} from "@botfactory/proto/events/v1/quota";
import { create } from "@bufbuild/protobuf";
import { evolveLedger } from "./evolve-ledger.ts";
import { freeCalls } from "./free-calls.ts";
import { emptyLedger, type Ledger, type QuotaFact, type QuotaLimits } from "./ledger.ts";

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
      const settled = settle.map((value): QuotaFact => ({ case: "callSettled", value }));
      const known = [...settled, ...reported].reduce(evolve, ledger);
      const admitted = reserve.slice(0, Math.min(freeCalls(limits, known, atUnixMs), MOST_IN_ONE_FACT));
      if (admitted.length === 0) return [...settled, ...reported];
      const value = create(CallsReservedSchema, { reservations: [...admitted], reservedAtUnixMs: BigInt(atUnixMs) });
      return [...settled, ...reported, { case: "callsReserved", value }];
    },
  };
}

// Some 100 bytes each, and a message of the log holds 1 MiB.
const MOST_IN_ONE_FACT = 1_000;

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
