import type { Reservation } from "@botfactory/proto/events/v1/quota";
import { type Allowance, mayCharge, unspent } from "./allowance.ts";
import { callsOfOwners, freeCalls, freeInWindow, mayHoldMore } from "./free-calls.ts";
import type { Ledger, QuotaLimits } from "./ledger.ts";

/** A call that asks to begin, and what its owner's plan allows in a day. */
export interface Asking {
  readonly reservation: Reservation;
  readonly messagesADay: number | undefined;
}

export interface Admittance {
  readonly atUnixMs: number;
  /** In the order they are to be served. */
  readonly asking: readonly Asking[];
  /** What is known of the owners' allowances. */
  readonly allowanceOf: (ownerId: string) => Allowance | undefined;
}

export interface Admitted {
  readonly admitted: readonly Asking[];
  /** Whose owner has spent the plan's allowance. */
  readonly spent: readonly Asking[];
}

// Each owner's charge is a message of the atomic batch, and a batch holds 1,000.
const MOST_AT_ONCE = 500;

/** Whom of those who ask the limits admit now: nobody beyond an owner's plan, and no owner at the cost of the next one. */
export function admit(limits: QuotaLimits, ledger: Ledger, { atUnixMs, asking, allowanceOf }: Admittance): Admitted {
  if (asking.length === 0) return { admitted: [], spent: [] };
  const at = Math.max(atUnixMs, ledger.at);
  const held = callsOfOwners(limits, ledger, at);
  const charged = new Map<string, Set<string>>();
  const admitted: Asking[] = [];
  const spent: Asking[] = [];
  const most = Math.min(freeCalls(limits, ledger, at), MOST_AT_ONCE);
  const room = freeInWindow(limits, ledger, at);

  for (const one of asking) {
    const { ownerId, chargeKey } = one.reservation;
    const keys = charged.get(ownerId) ?? new Set();
    const known = allowanceOf(ownerId) ?? unspent;
    if (!keys.has(chargeKey) && !mayCharge(known, chargeKey, limitAfter(one, keys.size))) {
      spent.push(one);
      continue;
    }
    if (admitted.length >= most || !mayHoldMore(limits, held.get(ownerId) ?? 0, room - admitted.length)) continue;
    admitted.push(one);
    charged.set(ownerId, keys.add(chargeKey));
    held.set(ownerId, (held.get(ownerId) ?? 0) + 1);
  }
  return { admitted, spent };

  function limitAfter({ messagesADay }: Asking, taken: number) {
    return { atUnixMs: at, messagesADay: messagesADay === undefined ? undefined : messagesADay - taken };
  }
}
