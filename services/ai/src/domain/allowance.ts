import { type Decider, DomainError } from "@botfactory/decider";
import {
  AllowanceChargedSchema,
  type AllowanceEvent,
  AllowanceReturnedSchema,
} from "@botfactory/proto/events/v1/allowance";
import { create } from "@bufbuild/protobuf";
import { type ChargedKeys, chargedTimes, chargeOf, noKeys, withKey, withoutKey } from "./charged-keys.ts";
import { isInForce, type QuotaLimits, type Stamped } from "./ledger.ts";
import { endOfPacificDay, pacificDay } from "./pacific-day.ts";

export type AllowanceFact = Exclude<AllowanceEvent["event"], { case: undefined }>;

/** What an owner spent on one Pacific day, and which keys it was spent on. */
export interface Allowance {
  /** Empty for an owner who never spent anything. */
  readonly day: string;
  readonly charged: number;
  readonly keys: ChargedKeys;
}

/** Calls of one owner that begin, and such that ended without an answer. */
export interface WriteAllowance {
  readonly atUnixMs: number;
  readonly charge: readonly string[];
  readonly giveBack: readonly string[];
  /** What the plan allows; undefined: counted without a limit. */
  readonly messagesADay: number | undefined;
}

export const unspent: Allowance = { day: "", charged: 0, keys: noKeys };

/** How much of an owner's plan is spent today. An answer is charged once for each key, however often it is tried. */
export const allowance: Decider<WriteAllowance, Allowance, AllowanceFact> = {
  initial: unspent,
  evolve: evolved,
  decide(command, state) {
    const returned = giveBack(command, state);
    const charged = charge(command, returned.reduce(evolved, state));
    return [...returned, ...charged];
  },
};

/** Messages charged on the day of that moment. */
export function chargedOn({ day, charged }: Allowance, atUnixMs: number): number {
  return day >= pacificDay(atUnixMs) ? charged : 0;
}

/** Whether a call may begin for that key. */
export function mayCharge(state: Allowance, key: string, { atUnixMs, messagesADay }: Limit): boolean {
  if (messagesADay === undefined || chargedTimes(state.keys, key) > 0) return true;
  return chargedOn(state, atUnixMs) < messagesADay;
}

export type Limit = Pick<WriteAllowance, "atUnixMs" | "messagesADay">;

/** When the day of that moment is over, and another allowance begins. */
export const allowanceRenewedAt = endOfPacificDay;

/** The ledger of the calls decides first; a charge must not be void where the call is not. */
const MARGIN_MS = 1_000;

/** An allowance after a fact the log stored at that moment; a charge by a wrong clock leaves what was before it. */
export function evolveAllowance(
  { clockErrorMs, beginWithinMs }: QuotaLimits,
  state: Allowance,
  { fact, storedAt }: { readonly fact: AllowanceFact; readonly storedAt: number },
): Allowance {
  if (fact.case === "allowanceCharged") {
    const bounds = { clockErrorMs: clockErrorMs + MARGIN_MS, beginWithinMs: beginWithinMs + MARGIN_MS };
    const stamped: Stamped = { decidedAt: Number(fact.value.chargedAtUnixMs), storedAt };
    const { dayBefore: day, chargedBefore: charged } = fact.value;
    if (!isInForce(bounds, stamped)) return { ...state, day, charged };
  }
  return evolved(state, fact);
}

function evolved(state: Allowance, { case: kind, value }: AllowanceFact): Allowance {
  const { day, chargedToday: charged, chargeKeys } = value;
  const remember = kind === "allowanceCharged" ? withKey : withoutKey;
  return { day, charged, keys: chargeKeys.reduce((keys, key) => remember(keys, key, day), state.keys) };
}

function charge({ charge: chargeKeys, ...limit }: WriteAllowance, state: Allowance): AllowanceFact[] {
  if (chargeKeys.length === 0) return [];
  const { atUnixMs, messagesADay } = limit;
  const day = dayOf(state, atUnixMs);
  const first = new Set(chargeKeys.filter((key) => chargedTimes(state.keys, key) === 0));
  const chargedToday = (day === state.day ? state.charged : 0) + first.size;
  if (first.size > 0 && messagesADay !== undefined && chargedToday > messagesADay) throw allowanceSpent(limit);
  const value = create(AllowanceChargedSchema, {
    chargeKeys: [...chargeKeys],
    day,
    chargedToday,
    chargedAtUnixMs: BigInt(Math.round(atUnixMs)),
    dayBefore: state.day,
    chargedBefore: state.charged,
    ...(messagesADay === undefined ? {} : { messagesADay }),
  });
  return [{ case: "allowanceCharged", value }];
}

/** On the day that is counted, whatever a clock says. */
function giveBack({ giveBack: given, atUnixMs }: WriteAllowance, state: Allowance): AllowanceFact[] {
  const chargeKeys = given.filter((key) => chargedTimes(state.keys, key) > 0);
  if (chargeKeys.length === 0) return [];
  const { day } = state;
  const left = chargeKeys.reduce((keys, key) => withoutKey(keys, key), state.keys);
  const gone = new Set(
    chargeKeys.filter((key) => chargedTimes(left, key) === 0 && chargeOf(state.keys, key)?.day === day),
  );
  const chargedToday = Math.max(0, state.charged - gone.size);
  const returnedAtUnixMs = BigInt(Math.round(atUnixMs));
  return [
    {
      case: "allowanceReturned",
      value: create(AllowanceReturnedSchema, { chargeKeys, day, chargedToday, returnedAtUnixMs }),
    },
  ];
}

/** A clock that is a little behind at midnight does not bring the day before back. */
function dayOf(state: Allowance, atUnixMs: number): string {
  const today = pacificDay(atUnixMs);
  if (state.day > today) return state.day;
  return today;
}

export function allowanceSpent({ atUnixMs, messagesADay = 0 }: Limit): DomainError {
  const params = { retry_at_unix_ms: String(allowanceRenewedAt(atUnixMs)), limit: String(messagesADay) };
  return new DomainError("exhausted", "owner_allowance_spent", { params });
}
