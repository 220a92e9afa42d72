import { gone, type Ledger, leavesAt, type OpenCall, type QuotaLimits, seenAtLatest } from "./ledger.ts";
import { endOfPacificDay, pacificDay } from "./pacific-day.ts";

/** How many calls may be reserved at that moment. */
export function freeCalls(limits: QuotaLimits, ledger: Ledger, at: number): number {
  if (at < ledger.minuteLimitUntil || at < ledger.dayLimitUntil) return 0;
  return Math.max(0, Math.min(freeToday(limits, ledger, at), freeInWindow(limits, ledger, at)));
}

/** How many calls fit into the window at that moment. */
export function freeInWindow(limits: QuotaLimits, ledger: Ledger, at: number): number {
  const ended = ledger.ended.length - gone(ledger.ended, at);
  return limits.callsAWindow - ended - openInWindow(limits, ledger, at).length;
}

const SHARE = 9;

/**
 * Whether an owner with that many calls may have one more while so many places of a window are free (dynamic thresholds
 * after Choudhury and Hahne): alone an owner gets nine tenths, and whoever comes next finds room at once. With less than
 * a tenth nobody steps back, so that many owners use a window to its end.
 */
export function mayHoldMore({ callsAWindow }: QuotaLimits, own: number, free: number): boolean {
  return own < SHARE * free || (free > 0 && own * (SHARE + 1) < callsAWindow);
}

/** How many calls of each owner are in the window at that moment. */
export function callsOfOwners(limits: QuotaLimits, ledger: Ledger, at: number): Map<string, number> {
  const perOwner = new Map<string, number>();
  const count = ({ ownerId }: { readonly ownerId: string }) => perOwner.set(ownerId, (perOwner.get(ownerId) ?? 0) + 1);
  ledger.ended.slice(gone(ledger.ended, at)).forEach(count);
  openInWindow(limits, ledger, at).forEach(count);
  return perOwner;
}

/** When to ask again, and which limit is in the way. */
export interface NextFree {
  readonly scope: "minute" | "day" | "allowance";
  readonly at: number;
}

export interface Place {
  /** How many others are before. */
  readonly ahead: number;
  /** Who asks: with too great a share of the window one of the calls has to leave first, whatever is free. */
  readonly ownerId?: string;
}

/** When a place may be reserved, if calls under way end as usual and no other process reserves meanwhile. */
export function nextFree(limits: QuotaLimits, ledger: Ledger, at: number): (place: Place) => NextFree {
  const today = freeToday(limits, ledger, at);
  let timeOf: ReturnType<typeof placesFrom> | undefined;
  return ({ ahead, ownerId = "" }) => {
    if (ledger.dayLimitUntil > at) return { scope: "day", at: ledger.dayLimitUntil };
    if (today <= ahead) return { scope: "day", at: endOfPacificDay(at - limits.clockErrorMs) + limits.clockErrorMs };
    // Made for the first who waits: most of the time nobody does.
    timeOf ??= placesFrom(limits, ledger, Math.max(at, ledger.minuteLimitUntil));
    return { scope: "minute", at: timeOf({ ahead, ownerId }) };
  };
}

function openInWindow(limits: QuotaLimits, { open }: Ledger, at: number): OpenCall[] {
  return open.filter((call) => leavesAt(limits, seenAtLatest(limits, call)) > at);
}

/** What is left of the day. The log may store the decision a little before or after, so around midnight both days must have room. */
export function freeToday(limits: QuotaLimits, ledger: Ledger, at: number): number {
  const days = new Set([pacificDay(at - limits.clockErrorMs), pacificDay(at + limits.beginWithinMs)]);
  return Math.min(...[...days].map((day) => freeOn(limits, ledger, day)));
}

/** Calls of another day that have not ended may have been seen on this one. */
function freeOn({ callsADay }: QuotaLimits, { open, days }: Ledger, today: string): number {
  const doubtful = open.filter(({ reservedAt }) => pacificDay(reservedAt) !== today);
  return callsADay - (days.get(today) ?? 0) - doubtful.length;
}

// Gemini begins to answer within about that; a call that has not ended yet is expected to have been seen by then.
const USUAL_ANSWER_MS = 2_000;
// A call that takes longer than usual is looked at again after this.
const LOOK_AGAIN_MS = 500;

function placesFrom(limits: QuotaLimits, ledger: Ledger, at: number): (place: Required<Place>) => number {
  const free = freeInWindow(limits, ledger, at);
  const leaving = [
    ...ledger.ended.slice(gone(ledger.ended, at)).map((call) => call.leavesAt),
    ...openInWindow(limits, ledger, at).map((call) => leavesAt(limits, call.reservedAt + USUAL_ANSWER_MS)),
  ].sort((a, b) => a - b);
  const held = callsOfOwners(limits, ledger, at);
  return ({ ahead, ownerId }) => {
    if (ahead < free && mayHoldMore(limits, held.get(ownerId) ?? 0, free)) return at;
    const places = Math.max(0, ahead - free);
    // Beyond the calls of today's window come those that will take their places.
    const windows = leaving.length === 0 ? 0 : Math.floor(places / leaving.length);
    const first = leaving[places % Math.max(1, leaving.length)] ?? at;
    return Math.max(first, at + LOOK_AGAIN_MS) + windows * (limits.windowMs + USUAL_ANSWER_MS);
  };
}
