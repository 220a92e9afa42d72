/** Limits of one Google project and model. */
export interface QuotaLimits {
  /** Calls within any window. */
  readonly callsAWindow: number;
  /** Length of the window as Google sees it, ms: 60,000. */
  readonly windowMs: number;
  /** Calls within a Pacific day. */
  readonly callsADay: number;
  /**
   * The longest time from a call's reservation until Google sees it, ms. Google's window slides over arrivals, ours over
   * reservations, so ours is longer by this.
   */
  readonly arrivalMs: number;
}

export interface CallsAt {
  readonly at: number;
  readonly calls: number;
}

/** What is left of a ledger's history when all that can no longer matter is forgotten; times are Unix ms. */
export interface Ledger {
  /** Reservations of the last window, as they were written. */
  readonly recent: readonly CallsAt[];
  /** Calls by Pacific day: today's, around midnight also its neighbour's. */
  readonly days: ReadonlyMap<string, number>;
  /** Google itself said no until then. */
  readonly minuteLimitUntil: number;
  readonly dayLimitUntil: number;
}

export const emptyLedger: Ledger = { recent: [], days: new Map(), minuteLimitUntil: 0, dayLimitUntil: 0 };
