import type { Ledger, QuotaLimits } from "./ledger.ts";
import { endOfPacificDay, pacificDay } from "./pacific-day.ts";

/** How many calls may be reserved at that moment. */
export function freeCalls(limits: QuotaLimits, ledger: Ledger, at: number): number {
  if (at < ledger.minuteLimitUntil || at < ledger.dayLimitUntil) return 0;
  return Math.max(0, Math.min(freeToday(limits, ledger, at), freeInWindow(limits, ledger, at)));
}

/** When to ask again, and which limit is in the way. */
export interface NextFree {
  readonly scope: "minute" | "day";
  readonly at: number;
}

/** When the call with `ahead` others before it may be reserved, if nobody else reserves meanwhile. */
export function nextFree(limits: QuotaLimits, ledger: Ledger, { at, ahead }: { at: number; ahead: number }): NextFree {
  if (ledger.dayLimitUntil > at) return { scope: "day", at: ledger.dayLimitUntil };
  if (freeToday(limits, ledger, at) <= ahead) return { scope: "day", at: endOfPacificDay(at) };
  const from = Math.max(at, ledger.minuteLimitUntil);
  return { scope: "minute", at: Math.max(from, freeInWindowFrom(limits, ledger, { at: from, ahead })) };
}

function freeToday({ callsADay, arrivalMs }: QuotaLimits, { days }: Ledger, at: number): number {
  return callsADay - Math.max(days.get(pacificDay(at)) ?? 0, days.get(pacificDay(at + arrivalMs)) ?? 0);
}

function freeInWindow(limits: QuotaLimits, { recent }: Ledger, at: number): number {
  const counted = recent.filter((entry) => entry.at > at - ourWindow(limits));
  return limits.callsAWindow - counted.reduce((sum, { calls }) => sum + calls, 0);
}

function freeInWindowFrom(limits: QuotaLimits, ledger: Ledger, { at, ahead }: { at: number; ahead: number }): number {
  let free = freeInWindow(limits, ledger, at);
  const counted = ledger.recent.filter((entry) => entry.at > at - ourWindow(limits));
  for (const entry of counted.sort((a, b) => a.at - b.at)) {
    if (free > ahead) break;
    free += entry.calls;
    at = entry.at + ourWindow(limits);
  }
  return free > ahead ? at : at + ourWindow(limits);
}

function ourWindow({ windowMs, arrivalMs }: QuotaLimits): number {
  return windowMs + arrivalMs;
}
