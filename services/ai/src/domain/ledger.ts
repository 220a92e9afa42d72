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

/** A call that may still be within Google's window; times are Unix ms. */
export interface Call {
  readonly id: string;
  readonly ownerId: string;
  /** When the log stored it. */
  readonly reservedAt: number;
  /** The same moment as its process knew it before: what came later is told by that clock. */
  readonly decidedAt: number;
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
  /** When the log stored the latest fact: its time never runs back. */
  readonly at: number;
}

export const emptyLedger: Ledger = { calls: [], days: new Map(), minuteLimitUntil: 0, dayLimitUntil: 0, at: 0 };

/**
 * When a call has surely left Google's window. The window slides over the moments Google saw calls, which nobody tells
 * us; so a call counts from its reservation until a window after the latest moment Google may have seen it.
 */
export function leavesAt({ windowMs, longestCallMs, clockErrorMs }: QuotaLimits, call: Call): number {
  return (call.seenBy ?? call.reservedAt + longestCallMs) + windowMs + clockErrorMs;
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
