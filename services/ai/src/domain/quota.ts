import type { Decider } from "@botfactory/decider";
import {
  type CallSettled,
  CallsReservedSchema,
  type LimitReported,
  LimitScope,
  type Reservation,
} from "@botfactory/proto/events/v1/quota";
import { create } from "@bufbuild/protobuf";
import { decidedAt, evolveLedger } from "./evolve-ledger.ts";
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
  return {
    initial: emptyLedger,
    evolve: (ledger, fact) => evolveLedger(limits, ledger, { fact, storedAt: decidedAt(fact) }),
    decide({ atUnixMs, reserve, settle, report }, ledger) {
      const reported = newLimits(ledger, report);
      // Who got no answer from the log writes the end again; it may have been stored, and would count twice in the usage.
      const settled = settle
        .filter(({ reservationId }) => ledger.open.some(({ id }) => id === reservationId))
        .map((value): QuotaFact => ({ case: "callSettled", value }));
      const known = [...settled, ...reported].reduce(
        (state, fact) => evolveLedger(limits, state, { fact, storedAt: atUnixMs }),
        ledger,
      );
      const admitted = reserve.slice(0, freeCalls(limits, known, Math.max(atUnixMs, known.at)));
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
