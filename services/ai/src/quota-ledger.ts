import type { CommandHandler } from "@botfactory/event-store";
import { nextFree } from "./domain/free-calls.ts";
import type { Ledger, QuotaFact, QuotaLimits } from "./domain/ledger.ts";
import type { WriteLedger } from "./domain/quota.ts";
import { type Admission, type Decision, type Wish, wishQueue } from "./wish-queue.ts";

/** What became of calls. */
export type LedgerEntry = Partial<Pick<WriteLedger, "settle" | "report">>;

/** The ledger of one Google project and model, as this process writes it. */
export interface QuotaLedger {
  /** Admitted as soon as there is room; refused as soon as it is known that there will be none in time. */
  reserve(wish: Wish): Promise<Decision>;
  /** Resolves once it is stored. */
  write(entry: LedgerEntry): Promise<void>;
}

export interface QuotaLedgerDeps {
  readonly handler: CommandHandler<WriteLedger, Ledger, QuotaFact>;
  /** Makes the handler ready for the subject; run before its first use. */
  readonly open: (subject: string) => Promise<void>;
  readonly subject: string;
  readonly limits: QuotaLimits;
  /** The log's clock, Unix ms. */
  readonly now: () => number;
}

interface Unwritten {
  readonly entry: LedgerEntry;
  readonly stored: () => void;
  readonly failed: (error: unknown) => void;
}

// Every settled call is an event of its own, and an append is one atomic batch.
const MOST_ENTRIES_AT_ONCE = 100;

/**
 * All that waits in this process is written by one append at a time, so replicas race once per append and not once per
 * call. Who waits is looked at again when a call leaves the window.
 */
export function quotaLedger({ handler, open, subject, limits, now }: QuotaLedgerDeps): QuotaLedger {
  const wishes = wishQueue();
  const unwritten: Unwritten[] = [];
  let isOpen = false;
  const wake = oneAtATime(async () => {
    const asked = wishes.all();
    const entries = unwritten.splice(0, MOST_ENTRIES_AT_ONCE);
    try {
      const ledger = await turn(asked, entries);
      for (const { stored } of entries) stored();
      wishes.refuseLate(asked, (ahead) => nextFree(limits, ledger, { at: now(), ahead }));
      wakeAt(ledger);
    } catch (error) {
      for (const { failed } of entries) failed(error);
      wishes.fail(asked, error);
    }
    return unwritten.length > 0;
  });

  async function turn(asked: ReadonlySet<Wish>, entries: readonly Unwritten[]): Promise<Ledger> {
    if (!isOpen) await open(subject);
    isOpen = true;
    const { state, events } = await handler.handle(subject, () => {
      const still = wishes.all();
      return {
        atUnixMs: now(),
        reserve: [...asked].filter((wish) => still.has(wish)).map(({ reservation }) => reservation),
        settle: entries.flatMap(({ entry }) => entry.settle ?? []),
        report: entries.flatMap(({ entry }) => entry.report ?? []),
      };
    });
    wishes.admit(new Map(events.flatMap(admissions)));
    return state;
  }

  let alarm: NodeJS.Timeout | undefined;
  function wakeAt(ledger: Ledger): void {
    clearTimeout(alarm);
    const at = now();
    if (!wishes.isEmpty()) alarm = setTimeout(wake, nextFree(limits, ledger, { at, ahead: 0 }).at - at);
  }

  return {
    reserve(wish) {
      const decision = wishes.add(wish);
      wake();
      return decision;
    },
    write(entry) {
      return new Promise((stored, failed) => {
        unwritten.push({ entry, stored, failed });
        wake();
      });
    },
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

function admissions(fact: QuotaFact): [string, Admission][] {
  if (fact.case !== "callsReserved") return [];
  const atUnixMs = Number(fact.value.reservedAtUnixMs);
  return fact.value.reservations.map((reservation) => [reservation.reservationId, { reservation, atUnixMs }]);
}
