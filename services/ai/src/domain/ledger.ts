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
  /** How far two processes' readings of the log's clock may differ, ms. */
  readonly clockErrorMs: number;
}

/** A call that may still be within Google's window; times are Unix ms. */
export interface Call {
  readonly id: string;
  readonly reservedAt: number;
  /** Google saw it between the reservation and this; unknown until the call has ended. */
  readonly seenBy?: number;
}

/** What is left of a ledger's history when all that can no longer matter is forgotten. */
export interface Ledger {
  readonly calls: readonly Call[];
  /** Calls by Pacific day: today's, just after midnight also yesterday's. */
  readonly days: ReadonlyMap<string, number>;
  /** Google itself said no until then. */
  readonly minuteLimitUntil: number;
  readonly dayLimitUntil: number;
}

export const emptyLedger: Ledger = { calls: [], days: new Map(), minuteLimitUntil: 0, dayLimitUntil: 0 };

/**
 * When a call has surely left Google's window. The window slides over the moments Google saw calls, which nobody tells
 * us; so a call counts from its reservation until a window after the latest moment Google may have seen it.
 */
export function leavesAt({ windowMs, longestCallMs, clockErrorMs }: QuotaLimits, call: Call): number {
  return (call.seenBy ?? call.reservedAt + longestCallMs) + windowMs + clockErrorMs;
}
