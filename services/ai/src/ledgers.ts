import { type EventStore, eventCodec, type StreamDeclaration } from "@botfactory/event-store";
import { QuotaEventSchema } from "@botfactory/proto/events/v1/quota";
import { type Allowances, allowanceCodec } from "./allowances.ts";
import { evolveAllowance, unspent } from "./domain/allowance.ts";
import { evolveLedger } from "./domain/evolve-ledger.ts";
import { emptyLedger, type Ledger, type QuotaFact, type QuotaLimits } from "./domain/ledger.ts";
import { type LedgerLog, ledgerLog } from "./ledger-log.ts";
import type { LedgerStart } from "./ledger-start.ts";
import { type QuotaLedger, quotaLedger } from "./quota-ledger.ts";

export const QUOTAS_STREAM: StreamDeclaration = {
  name: "QUOTAS",
  subjects: ["quotas.*.*", "allowances.*"],
  description: "Model calls reserved and settled (quotas.<project>.<model>), what owners spent (allowances.<ownerId>)",
  appendOnly: true,
  announced: true,
};

export const quotaCodec = eventCodec(QuotaEventSchema, "ai");

export interface LedgersDeps {
  readonly store: EventStore;
  readonly limits: QuotaLimits;
  readonly now: () => number;
  readonly startOf: { readonly quota: LedgerStart; readonly allowance: LedgerStart };
  /** The log refused to count what this process decided: its clock is wrong. */
  readonly onWrongClock: () => Promise<void>;
}

/** A ledger as it was read last. */
export interface RememberedLedger {
  readonly project: string;
  readonly model: string;
  readonly ledger: Ledger;
}

/** The ledgers of this process. */
export interface Ledgers {
  /** One per Google project and model: Google's limits hold for the pair. */
  of(project: string, model: string): QuotaLedger;
  readonly allowances: Allowances;
  /** What this process has read of each project's and model's ledger. */
  remembered(): readonly RememberedLedger[];
  /** Resolves when nothing is left to write, or could not be written. */
  flush(): Promise<void>;
}

export function ledgers(deps: LedgersDeps): Ledgers {
  const { store, limits, startOf } = deps;
  const quotas: LedgerLog<Ledger, QuotaFact> = ledgerLog({
    store,
    codec: quotaCodec,
    initial: emptyLedger,
    evolve: (ledger, fact, storedAt) => evolveLedger(limits, ledger, { fact, storedAt }),
    startOf: startOf.quota,
  });
  const allowances: Allowances = ledgerLog({
    store,
    codec: allowanceCodec,
    initial: unspent,
    evolve: (state, fact, storedAt) => evolveAllowance(limits, state, { fact, storedAt }),
    startOf: startOf.allowance,
  });
  const known = new Map<string, { readonly project: string; readonly model: string; readonly ledger: QuotaLedger }>();
  return {
    allowances,
    of(project, model) {
      const subject = `quotas.${project}.${subjectToken(model)}`;
      const there = known.get(subject);
      if (there !== undefined) return there.ledger;
      const ledger = quotaLedger({ ...deps, quotas, allowances, subject });
      known.set(subject, { project, model, ledger });
      return ledger;
    },
    remembered: () =>
      [...known].flatMap(([subject, { project, model }]) => {
        const read = quotas.known(subject);
        return read === undefined ? [] : [{ project, model, ledger: read.state }];
      }),
    async flush() {
      await Promise.all([...known.values()].map(({ ledger }) => ledger.flush()));
    },
  };
}

/** A dot would begin another token of the subject. */
function subjectToken(model: string): string {
  return model.replaceAll(/[^A-Za-z0-9_-]/g, "_");
}
