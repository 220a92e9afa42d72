import { CallOutcome, type CallSettled, CallSettledSchema, type Reservation } from "@botfactory/proto/events/v1/quota";
import { create } from "@bufbuild/protobuf";
import { allowanceRenewedAt } from "./domain/allowance.ts";
import { type NextFree, nextFree, type Place } from "./domain/free-calls.ts";
import { type LedgerEntry, ledgerEntries, type TakenEntries } from "./ledger-entries.ts";
import type { Admission, Decision, Wish } from "./waiting-wishes.ts";
import { wishQueue } from "./wish-queue.ts";
import { type LedgerPage, ledgerWriter, type WriteLedgersDeps, type WrittenPage } from "./write-ledgers.ts";

/** The ledger of one Google project and model, as this process writes it. */
export interface QuotaLedger {
  /** Admitted as soon as there is room; refused as soon as it is known that there will be none in time. */
  reserve(wish: Wish): Promise<Decision>;
  /** When to ask again, for an owner who has so many waiting that one more is refused without asking the log. */
  crowded(ownerId: string): NextFree | undefined;
  /** Resolves once it is stored. */
  write(entry: LedgerEntry): Promise<void>;
  /** Resolves when nothing is left to write, or could not be written. */
  flush(): Promise<void>;
}

export interface QuotaLedgerDeps extends Omit<WriteLedgersDeps, "stopwatch"> {
  readonly subject: string;
  /** The log refused to count what this process decided: its clock is wrong. */
  readonly onWrongClock: () => Promise<void>;
}

// From five calls a second on, the end of one is written together with the beginning of the next.
const ANSWERED_WRITTEN_WITHIN_MS = 200;

/**
 * All that waits in this process is written by one append at a time, so replicas race once per append and not once per
 * call. Who waits is looked at again when a call leaves the window.
 */
export function quotaLedger({ subject, onWrongClock, ...deps }: QuotaLedgerDeps): QuotaLedger {
  const { limits, now } = deps;
  const writeLedgers = ledgerWriter({ ...deps, stopwatch: () => performance.now() });
  const wishes = wishQueue();
  const entries = ledgerEntries({
    now,
    onAdded: (isUrgent) => (isUrgent || wishes.someWaitForRoom() ? wake() : wakeSoon()),
  });
  let turnOf: ((place: Place) => NextFree) | undefined;

  async function append(taken: TakenEntries, asking: () => LedgerPage["asking"]): Promise<WrittenPage> {
    try {
      const page = await writeLedgers(subject, () => ({ ...taken, asking: asking() }));
      taken.stored();
      return page;
    } catch (error) {
      taken.failed(error);
      throw error;
    }
  }

  async function look(): Promise<void> {
    const asked = wishes.all();
    try {
      const page = await append(entries.fresh.take(), () => stillAsking(asked, wishes.all()));
      await answer(page);
      turnOf = nextFree(limits, page.ledger, Math.max(now(), page.ledger.at));
      wakeAt(wishes.refuseLate(asked, turnOf));
    } catch (error) {
      wishes.fail(asked, error);
    }
  }

  /** Answers with whether somebody may have room now. */
  async function writeAgain(): Promise<boolean> {
    try {
      await append(entries.again.take(), () => []);
      return wishes.someWaitForRoom();
    } catch {
      // Told to those who wait for it.
      return false;
    }
  }

  const { wake, idle } = oneAtATime(async () => {
    await look();
    const hasRoom = !entries.again.isEmpty() && (await writeAgain());
    return hasRoom || entries.fresh.areUrgent() || !entries.again.isEmpty();
  });
  const wakeAt = alarmClock(wake, now);
  const wakeSoon = once(() => {
    if (!entries.fresh.isEmpty()) wake();
  }, ANSWERED_WRITTEN_WITHIN_MS);

  async function answer(page: WrittenPage): Promise<void> {
    const counted = countedOf(page);
    // Who left meanwhile is not charged; what cannot be written now is counted as a lost call's.
    for (const left of wishes.admit(counted))
      void entries.write({ settle: [notMade(left, now())] }).catch(() => undefined);
    wishes.refuse(spentOf(page));
    if (counted.length < page.admitted.length) await onWrongClock();
  }

  return {
    crowded: (ownerId) => (wishes.isCrowdedBy(ownerId) ? turnOf?.({ ahead: wishes.count(), ownerId }) : undefined),
    reserve(wish) {
      const decision = wishes.add(wish);
      wake();
      return decision;
    },
    write: entries.write,
    async flush() {
      // Of whom it admits some have left.
      await idle();
      await entries.flush();
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
function oneAtATime(work: () => Promise<boolean>) {
  let running: Promise<void> | undefined;
  let isWanted = false;

  async function run(): Promise<void> {
    while (isWanted) {
      // Whoever asks in the same moment goes into the same append.
      await Promise.resolve();
      isWanted = false;
      if (await work()) isWanted = true;
    }
    running = undefined;
  }
  return {
    wake(): void {
      isWanted = true;
      running ??= run();
    },
    async idle(): Promise<void> {
      await running;
    },
  };
}

/** Whoever asked and left meanwhile asks no more. */
function stillAsking(asked: ReadonlySet<Wish>, waiting: ReadonlySet<Wish>): Wish[] {
  return [...asked].filter((wish) => waiting.has(wish));
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
