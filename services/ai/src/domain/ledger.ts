import type { QuotaEvent } from "@botfactory/proto/events/v1/quota";

export type QuotaFact = Exclude<QuotaEvent["event"], { case: undefined }>;

/** Limits of one Google project and model, and what is known of calls. */
export interface QuotaLimits {
  /** Calls within any window. */
  readonly callsAWindow: number;
  /** Length of the window, ms: 60,000. */
  readonly windowMs: number;
  /** Calls within a Pacific day. */
  readonly callsADay: number;
  /** The longest time from a call's reservation to its end, ms: Google sees a call no later. */
  readonly longestCallMs: number;
  /** The longest time from a decision until the log has stored it, ms; a later one is void. */
  readonly beginWithinMs: number;
  /** How far a process's reading of the log's clock may be ahead, ms; a decision further ahead is void. */
  readonly clockErrorMs: number;
}

/** A call that has not ended, kept for a window after the last moment it could end; times are Unix ms. */
export interface OpenCall {
  readonly id: string;
  readonly ownerId: string;
  /** When the log stored it. */
  readonly reservedAt: number;
  /** The same moment as its process knew it before: what came later is told by that clock. */
  readonly decidedAt: number;
}

/** A call that has ended and may still be within Google's window. */
export interface EndedCall {
  readonly ownerId: string;
  /** When it has surely left the window, Unix ms. */
  readonly leavesAt: number;
}

/** What is left of a ledger's history when all that can no longer matter is forgotten. */
export interface Ledger {
  /** In the order they were reserved. */
  readonly open: readonly OpenCall[];
  /** By the time they leave: what is in the window is found without looking at every call of it. */
  readonly ended: readonly EndedCall[];
  /** Calls by Pacific day: today's, just after midnight also yesterday's. */
  readonly days: ReadonlyMap<string, number>;
  /** Google itself said no until then. */
  readonly minuteLimitUntil: number;
  readonly dayLimitUntil: number;
  /** When the log stored the latest fact: its time never runs back. */
  readonly at: number;
}

export const emptyLedger: Ledger = {
  open: [],
  ended: [],
  days: new Map(),
  minuteLimitUntil: 0,
  dayLimitUntil: 0,
  at: 0,
};

/**
 * When a call has surely left Google's window. The window slides over the moments Google saw calls, which nobody tells
 * us; so a call counts from its reservation until a window after the latest moment Google may have seen it.
 */
export function leavesAt({ windowMs, clockErrorMs }: QuotaLimits, seenBy: number): number {
  return seenBy + windowMs + clockErrorMs;
}

/** The latest moment Google may see a call that has not ended. */
export function seenAtLatest({ longestCallMs }: QuotaLimits, { reservedAt }: OpenCall): number {
  return reservedAt + longestCallMs;
}

/** How many of the ended calls have left the window at that moment; they stand in front. */
export function gone(ended: readonly EndedCall[], at: number): number {
  let [from, to] = [0, ended.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if ((ended[middle]?.leavesAt ?? 0) > at) to = middle;
    else from = middle + 1;
  }
  return from;
}

/** A decision and the moment the log stored it, Unix ms. */
export interface Stamped {
  readonly decidedAt: number;
  readonly storedAt: number;
}

/** Whether a decision counts: not when the clock it was made by was wrong, or the log stored it too late. */
export function isInForce(
  { clockErrorMs, beginWithinMs }: Pick<QuotaLimits, "clockErrorMs" | "beginWithinMs">,
  { decidedAt, storedAt }: Stamped,
): boolean {
  return decidedAt - storedAt <= clockErrorMs && storedAt - decidedAt <= beginWithinMs;
}
