import type { Recorded } from "@botfactory/event-store";
import { Plan } from "@botfactory/proto/events/v1/account";
import { ownerOfSubject } from "../accounts.ts";
import type { AccountFact } from "../domain/account-state.ts";
import type { AccountDocument } from "./account-document.ts";

export type ProjectedAccount = Omit<AccountDocument, "_id" | "sequence">;

export function ownerIdsOf({ subject, event }: Recorded<AccountFact>): readonly string[] {
  const ownerId = ownerOfSubject(subject);
  if (ownerId === undefined) return [];
  return ["accountOpened", "planChanged", "botCreated", "botDeleted"].includes(event.case) ? [ownerId] : [];
}

export function projectAccount(
  account: ProjectedAccount | undefined,
  { event, time }: Recorded<AccountFact>,
): ProjectedAccount {
  const known = account ?? { plan: Plan.FREE, bots: 0, openedAt: time };
  switch (event.case) {
    case "accountOpened":
    case "planChanged":
      return { ...known, plan: event.value.plan };
    case "botCreated":
      return { ...known, bots: known.bots + 1 };
    case "botDeleted":
      return { ...known, bots: known.bots - 1 };
    default:
      return known;
  }
}
