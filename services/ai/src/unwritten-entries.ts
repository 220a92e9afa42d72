import { CallOutcome } from "@botfactory/proto/events/v1/quota";
import type { LedgerPage } from "./write-ledgers.ts";

/** What became of calls. */
export type LedgerEntry = Partial<Pick<LedgerPage, "settle" | "report">>;

/** An entry, and who waits for it to be stored. */
export interface Unwritten {
  readonly entry: LedgerEntry;
  /** Unix ms. */
  readonly since: number;
  readonly stored: () => void;
  readonly failed: (error: unknown) => void;
}

// Every settled call is an event of its own, and an append is one atomic batch.
const MOST_ENTRIES_AT_ONCE = 100;
// The ledger knows what it stored for a minute and does not count it twice; a longer outage makes lost calls of them.
const TRIED_FOR_MS = 30_000;

/** What is to be written with the next appends, oldest first; and apart what was refused, so that it stops nothing else. */
export function unwrittenEntries(now: () => number) {
  const fresh: Unwritten[] = [];
  const refused: Unwritten[] = [];
  let isBehind = false;
  let isTimeForRefused = false;

  return {
    isEmpty: () => fresh.length + refused.length === 0,
    /** Some were more than one append holds, or somebody waits for one. */
    areUrgent: () => isBehind || fresh.some(({ entry }) => isAwaited(entry)),
    add: (entry: LedgerEntry) =>
      new Promise<void>((stored, failed) => fresh.push({ entry, since: now(), stored, failed })),
    /** As many as go into one append. */
    take: (): readonly Unwritten[] => {
      const taken = fresh.splice(0, MOST_ENTRIES_AT_ONCE);
      isBehind = fresh.length > 0;
      return taken;
    },
    /** One that was refused, if it is time: in company a single one that cannot be written would hold the others back. */
    takeRefused: (): readonly Unwritten[] => (isTimeForRefused ? refused.splice(0, 1) : []),
    releaseRefused: () => {
      isTimeForRefused = true;
    },
    /** To be tried again when it is time; those tried for long fail. */
    putBack: (entries: readonly Unwritten[], error: unknown) => {
      isTimeForRefused = false;
      for (const one of entries) {
        if (now() - one.since > TRIED_FOR_MS) one.failed(error);
        else refused.push(one);
      }
    },
  };
}

/** Whether somebody's next step depends on it: a limit that Google told of, a charge that is given back. */
export function isAwaited({ report = [], settle = [] }: LedgerEntry): boolean {
  return report.length > 0 || settle.some(({ outcome }) => outcome !== CallOutcome.ANSWERED);
}
