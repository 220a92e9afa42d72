import { CallOutcome, type CallSettled, CallSettledSchema, type Reservation } from "@botfactory/proto/events/v1/quota";
import { create } from "@bufbuild/protobuf";
import { ExponentialBackoff, handleWhen, retry } from "cockatiel";
import { allowanceRenewedAt } from "./domain/allowance.ts";
import { type NextFree, nextFree, type Place } from "./domain/free-calls.ts";
import type { Admission, Decision, Wish } from "./waiting-wishes.ts";
import { wishQueue } from "./wish-queue.ts";
import { type LedgerPage, ledgerWriter, type WriteLedgersDeps, type WrittenPage } from "./write-ledgers.ts";

/** What became of calls. */
export type LedgerEntry = Partial<Pick<LedgerPage, "settle" | "report">>;

/** The ledger of one Google project and model, as this process writes it. */
export interface QuotaLedger {
  /** Admitted as soon as there is room; refused as soon as it is known that there will be none in time. */
  reserve(wish: Wish): Promise<Decision>;
  /** When to ask again, for an owner who has so many waiting that one more is refused without asking the log. */
  crowded(ownerId: string): NextFree | undefined;
  /** Resolves once it is stored. */
  write(entry: LedgerEntry): Promise<void>;
}

export interface QuotaLedgerDeps extends Omit<WriteLedgersDeps, "stopwatch"> {
  readonly subject: string;
  /** The log refused to count what this process decided: its clock is wrong. */
  readonly onWrongClock: () => Promise<void>;
}

interface Unwritten {
  readonly entry: LedgerEntry;
  readonly stored: () => void;
  readonly failed: (error: unknown) => void;
}

// Every settled call is an event of its own, and an append is one atomic batch.
const MOST_ENTRIES_AT_ONCE = 100;
// From five calls a second on, the end of one is written together with the beginning of the next.
const ANSWERED_WRITTEN_WITHIN_MS = 200;
// A call stays in the ledger for a minute after Google has seen it; the last try may take the log's patience of 8 s.
const KNOWN_FOR_MS = 20_000;
const MOST_RETRIES = 8;

/**
 * All that waits in this process is written by one append at a time, so replicas race once per append and not once per
 * call. Who waits is looked at again when a call leaves the window.
 */
export function quotaLedger({ subject, onWrongClock, ...deps }: QuotaLedgerDeps): QuotaLedger {
  const { limits, now } = deps;
  const writeLedgers = ledgerWriter({ ...deps, stopwatch: () => performance.now() });
  const wishes = wishQueue();
  const unwritten = unwrittenEntries();
  let turnOf: ((place: Place) => NextFree) | undefined;
  const wake = oneAtATime(async () => {
    const asked = wishes.all();
    let entries = unwritten.take();
    try {
      const page = await writeLedgers(subject, () => pageOf(asked, wishes.all(), entries));
      for (const { stored } of entries) stored();
      entries = [];
      await answer(page);
      turnOf = nextFree(limits, page.ledger, Math.max(now(), page.ledger.at));
      wakeAt(wishes.refuseLate(asked, turnOf));
    } catch (error) {
      for (const { failed } of entries) failed(error);
      wishes.fail(asked, error);
    }
    return unwritten.areUrgent();
  });
  const wakeAt = alarmClock(wake, now);
  const wakeSoon = once(() => {
    if (!unwritten.isEmpty()) wake();
  }, ANSWERED_WRITTEN_WITHIN_MS);

  async function answer(page: WrittenPage): Promise<void> {
    const counted = countedOf(page);
    // Who left meanwhile is not charged; what cannot be written now is counted as a lost call's.
    for (const left of wishes.admit(counted)) void write({ settle: [notMade(left, now())] }).catch(() => undefined);
    wishes.refuse(spentOf(page));
    if (counted.length < page.admitted.length) await onWrongClock();
  }

  function append(entry: LedgerEntry): Promise<void> {
    const stored = unwritten.add(entry);
    if (wishes.someWaitForRoom() || isAwaited(entry)) wake();
    else wakeSoon();
    return stored;
  }

  /**
   * An end is tried again: it may have failed for the sake of what stood in the same append, or while the log was away.
   * That the log has stored it nevertheless the ledger knows for a while. Jitter parts those that failed together.
   */
  function write(entry: LedgerEntry): Promise<void> {
    const isInTime = () => entry.report === undefined && now() < knownUntil(entry);
    const backoff = new ExponentialBackoff({ initialDelay: 500, maxDelay: 5_000 });
    return retry(handleWhen(isInTime), { maxAttempts: MOST_RETRIES, backoff }).execute(() => append(entry));
  }

  return {
    crowded: (ownerId) => (wishes.isCrowdedBy(ownerId) ? turnOf?.({ ahead: wishes.count(), ownerId }) : undefined),
    reserve(wish) {
      const decision = wishes.add(wish);
      wake();
      return decision;
    },
    write,
  };
}

/** Until when the ledger surely remembers calls that have ended, Unix ms; infinite where nothing ended. */
function knownUntil({ settle = [] }: LedgerEntry): number {
  return Math.min(...settle.map(({ seenByUnixMs }) => Number(seenByUnixMs) + KNOWN_FOR_MS));
}

/** Whether somebody's next step depends on it: a limit that Google told of, a charge that is given back. */
function isAwaited({ report = [], settle = [] }: LedgerEntry): boolean {
  return report.length > 0 || settle.some(({ outcome }) => outcome !== CallOutcome.ANSWERED);
}

/** What is to be written with the next appends, oldest first. */
function unwrittenEntries() {
  const unwritten: Unwritten[] = [];
  let isBehind = false;
  return {
    isEmpty: () => unwritten.length === 0,
    /** Some were more than one append holds, or somebody waits for one. */
    areUrgent: () => isBehind || unwritten.some(({ entry }) => isAwaited(entry)),
    add: (entry: LedgerEntry) => new Promise<void>((stored, failed) => unwritten.push({ entry, stored, failed })),
    /** As many as go into one append. */
    take: () => {
      const taken = unwritten.splice(0, MOST_ENTRIES_AT_ONCE);
      isBehind = unwritten.length > 0;
      return taken;
    },
  };
}

/** Rings at the time it was set to last; never, if that is infinite. */
function alarmClock(ring: () => void, now: () => number): (at: number) => void {
  let alarm: NodeJS.Timeout | undefined;
  return (at) => {
    clearTimeout(alarm);
    if (Number.isFinite(at)) alarm = setTimeout(ring, at - now());
  };
}

/** Runs `work` that long after it was asked for; asked again meanwhile, still once. */
function once(work: () => void, afterMs: number): () => void {
  let isAsked = false;
  return () => {
    if (isAsked) return;
    isAsked = true;
    setTimeout(() => {
      isAsked = false;
      work();
    }, afterMs);
  };
}

/** Runs `work` when woken, again for a call that came meanwhile or when it says there is more, never side by side. */
function oneAtATime(work: () => Promise<boolean>): () => void {
  let isRunning = false;
  let isWanted = false;

  async function run(): Promise<void> {
    isRunning = true;
    while (isWanted) {
      // Whoever asks in the same moment goes into the same append.
      await Promise.resolve();
      isWanted = false;
      if (await work()) isWanted = true;
    }
    isRunning = false;
  }
  return () => {
    isWanted = true;
    if (!isRunning) void run();
  };
}

/** Whoever asked and left meanwhile asks no more. */
function pageOf(asked: ReadonlySet<Wish>, waiting: ReadonlySet<Wish>, entries: readonly Unwritten[]): LedgerPage {
  return {
    asking: [...asked].filter((wish) => waiting.has(wish)),
    settle: entries.flatMap(({ entry }) => entry.settle ?? []),
    report: entries.flatMap(({ entry }) => entry.report ?? []),
  };
}

/** What the log counts of what was admitted. */
function countedOf({ admitted, ledger, atUnixMs, since }: WrittenPage): Admission[] {
  const counted = new Set(ledger.open.map(({ id }) => id));
  return admitted
    .filter(({ reservation }) => counted.has(reservation.reservationId))
    .map(({ reservation }) => ({ reservation, atUnixMs, since }));
}

/** The end of a call that was admitted and not made. */
function notMade({ reservation, atUnixMs }: Admission, at: number): CallSettled {
  const { reservationId, chargeKey, ownerId, botId } = reservation;
  const [settledAtUnixMs, seenByUnixMs] = [BigInt(at), BigInt(atUnixMs)];
  const outcome = CallOutcome.FAILED;
  return create(CallSettledSchema, {
    reservationId,
    chargeKey,
    ownerId,
    botId,
    outcome,
    settledAtUnixMs,
    seenByUnixMs,
  });
}

function spentOf({ spent, atUnixMs }: WrittenPage): ReadonlyMap<Reservation, NextFree> {
  const refused: NextFree = { scope: "allowance", at: allowanceRenewedAt(atUnixMs) };
  return new Map(spent.map(({ reservation }) => [reservation, refused]));
}
