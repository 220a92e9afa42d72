import { eventCodec } from "@botfactory/event-store";
import { AllowanceEventSchema } from "@botfactory/proto/events/v1/allowance";
import type { Allowance, AllowanceFact } from "./domain/allowance.ts";
import type { LedgerLog } from "./ledger-log.ts";

/** What owners have spent of their plans, one ledger per owner. */
export type Allowances = LedgerLog<Allowance, AllowanceFact>;

export const allowanceCodec = eventCodec(AllowanceEventSchema, "ai");

export function allowanceSubject(ownerId: string): string {
  return `allowances.${ownerId}`;
}
