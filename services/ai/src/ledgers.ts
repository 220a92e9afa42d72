import { commandHandler, type EventStore, eventCodec, type StreamDeclaration } from "@botfactory/event-store";
import { QuotaEventSchema } from "@botfactory/proto/events/v1/quota";
import type { QuotaLimits } from "./domain/ledger.ts";
import { quota } from "./domain/quota.ts";
import type { LedgerStart } from "./ledger-start.ts";
import { type QuotaLedger, quotaLedger } from "./quota-ledger.ts";

export const QUOTAS_STREAM: StreamDeclaration = {
  name: "QUOTAS",
  subjects: ["quotas.*.*"],
  description: "Model calls reserved and settled: quotas.<project>.<model>",
  appendOnly: true,
};

export const quotaCodec = eventCodec(QuotaEventSchema, "ai");

export interface LedgersDeps {
  readonly store: EventStore;
  readonly limits: QuotaLimits;
  readonly now: () => number;
  readonly startOf: LedgerStart;
}

/** The ledgers of this process, one per Google project and model: Google's limits hold for the pair. */
export type Ledgers = (project: string, model: string) => QuotaLedger;

export function ledgers({ store, limits, now, startOf }: LedgersDeps): Ledgers {
  const decider = quota(limits);
  const handler = commandHandler({ store, decider, codec: quotaCodec });
  const open = async (subject: string) =>
    handler.remember(subject, { state: decider.initial, revision: await startOf(subject) });
  const known = new Map<string, QuotaLedger>();
  return (project, model) => {
    const subject = `quotas.${project}.${subjectToken(model)}`;
    const ledger = known.get(subject) ?? quotaLedger({ handler, open, subject, limits, now });
    known.set(subject, ledger);
    return ledger;
  };
}

/** A dot would begin another token of the subject. */
function subjectToken(model: string): string {
  return model.replaceAll(/[^A-Za-z0-9_-]/g, "_");
}
