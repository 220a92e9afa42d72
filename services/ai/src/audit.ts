import { type AuditedStream, auditedAggregate, type Step } from "@botfactory/event-store";
import { allowanceCodec } from "./allowances.ts";
import { aiEnvironment } from "./config.ts";
import { evolveAllowance, unspent } from "./domain/allowance.ts";
import { evolveLedger } from "./domain/evolve-ledger.ts";
import { emptyLedger, type Ledger, type QuotaFact } from "./domain/ledger.ts";
import { QUOTAS_STREAM, quotaCodec } from "./ledgers.ts";
import { limitsOf } from "./quota-limits.ts";

export interface AuditContext {
  /** The owner of every bot there ever was, as the accounts say. */
  readonly owners: ReadonlyMap<string, string>;
  readonly env: NodeJS.ProcessEnv;
}

/** What is checked of the ledgers, with the limits this installation has now. */
export function auditedStream({ owners, env }: AuditContext): AuditedStream {
  const { GEMINI_RPM, GEMINI_RPD } = aiEnvironment.shape;
  const limits = limitsOf({
    GEMINI_RPM: GEMINI_RPM.parse(env["GEMINI_RPM"]),
    GEMINI_RPD: GEMINI_RPD.parse(env["GEMINI_RPD"]),
  });
  const ofItsOwner = ({ event }: Step<Ledger, QuotaFact>): string | undefined => {
    const calls = event.case === "callsReserved" ? event.value.reservations : [];
    const foreign = calls.find(({ botId, ownerId }) => owners.get(botId) !== ownerId);
    return foreign && `bot ${foreign.botId} is not of the owner who is charged`;
  };

  return {
    stream: QUOTAS_STREAM.name,
    aggregates: {
      quotas: auditedAggregate({
        codec: quotaCodec,
        decider: {
          initial: emptyLedger,
          evolve: (ledger, fact, storedAt) => evolveLedger(limits, ledger, { fact, storedAt }),
        },
        rules: { "a call is charged to its bot's owner": ofItsOwner },
      }),
      allowances: auditedAggregate({
        codec: allowanceCodec,
        decider: {
          initial: unspent,
          evolve: (state, fact, storedAt) => evolveAllowance(limits, state, { fact, storedAt }),
        },
        rules: {},
      }),
    },
  };
}
