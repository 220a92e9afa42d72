import type { EventStore } from "@botfactory/event-store";
import { ReservationSchema } from "@botfactory/proto/events/v1/quota";
import { create } from "@bufbuild/protobuf";
import { type Allowances, allowanceCodec } from "../src/allowances.ts";
import { evolveAllowance, unspent } from "../src/domain/allowance.ts";
import { evolveLedger } from "../src/domain/evolve-ledger.ts";
import { emptyLedger, type Ledger, type QuotaFact, type QuotaLimits } from "../src/domain/ledger.ts";
import { type LedgerLog, ledgerLog } from "../src/ledger-log.ts";
import { quotaCodec } from "../src/ledgers.ts";
import { type LedgerPage, ledgerWriter } from "../src/write-ledgers.ts";

export const SUBJECT = "quotas.p.m";

/** What writes one ledger in a process of its own: nothing shared with others but the log. */
export function ledgerProcess(
  store: EventStore,
  { limits, now }: { readonly limits: QuotaLimits; readonly now: () => number },
) {
  const startOf = async () => 0;
  const quotas: LedgerLog<Ledger, QuotaFact> = ledgerLog({
    store,
    codec: quotaCodec,
    initial: emptyLedger,
    evolve: (ledger, fact, storedAt) => evolveLedger(limits, ledger, { fact, storedAt }),
    startOf,
  });
  const allowances: Allowances = ledgerLog({
    store,
    codec: allowanceCodec,
    initial: unspent,
    evolve: (state, fact, storedAt) => evolveAllowance(limits, state, { fact, storedAt }),
    startOf,
  });
  const write = ledgerWriter({ store, quotas, allowances, limits, now, stopwatch: () => performance.now() });
  return { write: (page: LedgerPage) => write(SUBJECT, () => page), quotas, allowances };
}

let ids = 0;

/** Calls that ask to begin, and such that ended. */
export function page(
  wishes: readonly { readonly owner: string; readonly key: number }[],
  messagesADay: number,
  settle: LedgerPage["settle"] = [],
): LedgerPage {
  const asking = wishes.map(({ owner, key }) => ({
    reservation: create(ReservationSchema, {
      reservationId: `r${++ids}`,
      chargeKey: `bot:${key}`,
      ownerId: owner,
      botId: "bot",
    }),
    messagesADay,
  }));
  return { asking, settle, report: [] };
}
