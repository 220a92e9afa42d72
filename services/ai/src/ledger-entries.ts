import { CallOutcome } from "@botfactory/proto/events/v1/quota";
import { ExponentialBackoff, handleWhen, retry } from "cockatiel";
import type { LedgerPage } from "./write-ledgers.ts";

/** What became of calls. */
export type LedgerEntry = Partial<Pick<LedgerPage, "settle" | "report">>;

/** Entries that one append writes, all or none of them. */
export interface TakenEntries extends Required<LedgerEntry> {
  stored(): void;
  failed(error: unknown): void;
}

interface Unwritten {
  readonly entry: LedgerEntry;
  readonly stored: () => void;
  readonly failed: (error: unknown) => void;
}

export interface LedgerEntriesOptions {
  readonly now: () => number;
  /** There is something to take; urgent, if somebody waits for it. */
  readonly onAdded: (isUrgent: boolean) => void;
}

// Every settled call is an event of its own, and an append is one atomic batch.
const MOST_ENTRIES_AT_ONCE = 100;
// The ledger keeps an open call for a minute after the last moment it could end. The last try comes up to 5 s after this,
// and may wait for an append before it and for its own, 8 s each. What comes later still is a lost call's.
const TRIED_AGAIN_FOR_MS = 30_000;
const MOST_RETRIES = 8;

/** What is to be written into a ledger, and tried again. */
export function ledgerEntries({ now, onAdded }: LedgerEntriesOptions) {
  const fresh = unwrittenEntries();
  // In appends of their own: what cannot be written must not fail for ever what stands beside it.
  const again = unwrittenEntries();
  const underWay = new Set<Promise<void>>();

  function addFresh(entry: LedgerEntry): Promise<void> {
    const stored = fresh.add(entry);
    onAdded(isAwaited(entry));
    return stored;
  }

  function addAgain(entry: LedgerEntry): Promise<void> {
    const stored = again.add(entry);
    onAdded(true);
    return stored;
  }

  return {
    fresh,
    again,
    /**
     * Resolves once it is stored. An end is tried again: it may have failed for the sake of what stood in the same append,
     * or while the log was away; jitter parts those that failed together. A limit is not: Google would tell it again.
     */
    write(entry: LedgerEntry): Promise<void> {
      const isInTime = () => entry.report === undefined && now() < triedUntil(entry);
      const backoff = new ExponentialBackoff({ initialDelay: 500, maxDelay: 5_000 });
      const written = retry(handleWhen(isInTime), { maxAttempts: MOST_RETRIES, backoff })
        .execute(({ attempt }) => (attempt === 0 ? addFresh(entry) : addAgain(entry)))
        .finally(() => underWay.delete(written));
      underWay.add(written);
      return written;
    },
    /** Resolves when nothing is left to write, or could not be written. */
    async flush(): Promise<void> {
      await Promise.allSettled(underWay);
    },
  };
}

/** Entries that wait for an append, oldest first. */
function unwrittenEntries() {
  const unwritten: Unwritten[] = [];
  let isBehind = false;
  return {
    isEmpty: () => unwritten.length === 0,
    /** Some were more than one append holds, or somebody waits for one. */
    areUrgent: () => isBehind || unwritten.some(({ entry }) => isAwaited(entry)),
    add: (entry: LedgerEntry) => new Promise<void>((stored, failed) => unwritten.push({ entry, stored, failed })),
    /** As many as go into one append. */
    take(): TakenEntries {
      const taken = unwritten.splice(0, MOST_ENTRIES_AT_ONCE);
      isBehind = unwritten.length > 0;
      return {
        settle: taken.flatMap(({ entry }) => entry.settle ?? []),
        report: taken.flatMap(({ entry }) => entry.report ?? []),
        stored() {
          for (const { stored } of taken) stored();
        },
        failed(error) {
          for (const { failed } of taken) failed(error);
        },
      };
    },
  };
}

/** Whether somebody's next step depends on it: a limit that Google told of, a charge that is given back. */
function isAwaited({ report = [], settle = [] }: LedgerEntry): boolean {
  return report.length > 0 || settle.some(({ outcome }) => outcome !== CallOutcome.ANSWERED);
}

function triedUntil({ settle = [] }: LedgerEntry): number {
  return Math.min(...settle.map(({ settledAtUnixMs }) => Number(settledAtUnixMs) + TRIED_AGAIN_FOR_MS));
}
