import { type Call, type Ledger, leavesAt, type QuotaLimits } from "./ledger.ts";
import { endOfPacificDay, pacificDay } from "./pacific-day.ts";

/** How many calls may be reserved at that moment. */
export function freeCalls(limits: QuotaLimits, ledger: Ledger, at: number): number {
  if (at < ledger.minuteLimitUntil || at < ledger.dayLimitUntil) return 0;
  const freeInWindow = limits.callsAWindow - inWindow(limits, ledger, at).length;
  return Math.max(0, Math.min(freeToday(limits, ledger, at), freeInWindow));
}

/** When to ask again, and which limit is in the way. */
export interface NextFree {
  readonly scope: "minute" | "day";
  readonly at: number;
}

export interface Place {
  readonly at: number;
  /** How many others are before. */
  readonly ahead: number;
}

/** When that place may be reserved, if calls under way end as usual and no other process reserves meanwhile. */
export function nextFree(limits: QuotaLimits, ledger: Ledger, { at, ahead }: Place): NextFree {
  if (ledger.dayLimitUntil > at) return { scope: "day", at: ledger.dayLimitUntil };
  if (freeToday(limits, ledger, at) <= ahead) return { scope: "day", at: endOfPacificDay(at) };
  const from = Math.max(at, ledger.minuteLimitUntil);
  return { scope: "minute", at: freeInWindowFrom(limits, ledger, { at: from, ahead }) };
}

function inWindow(limits: QuotaLimits, { calls }: Ledger, at: number): Call[] {
  return calls.filter((call) => leavesAt(limits, call) > at);
}

/** Yesterday's calls that have not ended may have been seen today. */
function freeToday({ callsADay }: QuotaLimits, { calls, days }: Ledger, at: number): number {
  const today = pacificDay(at);
  const doubtful = calls.filter(({ seenBy, reservedAt }) => seenBy === undefined && pacificDay(reservedAt) !== today);
  return callsADay - (days.get(today) ?? 0) - doubtful.length;
}

// Gemini begins to answer within about that; a call that has not ended yet is expected to have been seen by then.
const USUAL_ANSWER_MS = 2_000;
// A call that takes longer than usual is looked at again after this.
const LOOK_AGAIN_MS = 500;

function freeInWindowFrom(limits: QuotaLimits, ledger: Ledger, { at, ahead }: Place): number {
  const calls = inWindow(limits, ledger, at);
  const free = limits.callsAWindow - calls.length;
  if (ahead < free) return at;
  const leaving = calls
    .map((call) => leavesAt(limits, { ...call, seenBy: call.seenBy ?? call.reservedAt + USUAL_ANSWER_MS }))
    .sort((a, b) => a - b);
  const places = ahead - free;
  // Beyond the calls of today's window come those that will take their places.
  const windows = Math.floor(places / leaving.length);
  const first = leaving[places % leaving.length] ?? at;
  return Math.max(first, at + LOOK_AGAIN_MS) + windows * (limits.windowMs + USUAL_ANSWER_MS);
}
