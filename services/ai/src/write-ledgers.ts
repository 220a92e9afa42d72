import { DomainError } from "@botfactory/decider";
import { type Append, type EventCodec, type EventStore, VersionConflict } from "@botfactory/event-store";
import { CallOutcome, type CallSettled, type LimitReported } from "@botfactory/proto/events/v1/quota";
import { ExponentialBackoff, handleWhen, retry } from "cockatiel";
import { type Allowances, allowanceSubject } from "./allowances.ts";
import { type Admitted, type Asking, admit } from "./domain/admit.ts";
import { allowance } from "./domain/allowance.ts";
import type { Ledger, QuotaFact, QuotaLimits } from "./domain/ledger.ts";
import { quota } from "./domain/quota.ts";
import type { LedgerLog } from "./ledger-log.ts";

/** What a process has to write at one moment. */
export interface LedgerPage {
  readonly asking: readonly Asking[];
  readonly settle: readonly CallSettled[];
  readonly report: readonly LimitReported[];
}

export interface WrittenPage extends Admitted {
  /** When it was decided, Unix ms. */
  readonly atUnixMs: number;
  /** By the stopwatch. */
  readonly since: number;
  /** What the log made of it. */
  readonly ledger: Ledger;
}

interface Attempt extends WrittenPage {
  readonly isWritten: boolean;
}

export interface WriteLedgersDeps {
  readonly store: EventStore;
  readonly quotas: LedgerLog<Ledger, QuotaFact>;
  readonly allowances: Allowances;
  readonly limits: QuotaLimits;
  readonly now: () => number;
  readonly stopwatch: () => number;
}

/**
 * Writes a project's ledger and the allowances of the owners concerned in one append, all or nothing. Whoever loses a
 * race, on either, decides again on what the log has.
 */
export function ledgerWriter({ store, quotas, allowances, limits, now, stopwatch }: WriteLedgersDeps) {
  const decider = quota(limits);

  return async function write(subject: string, pageOf: () => LedgerPage): Promise<WrittenPage> {
    const page = await races.execute(() => attempt(subject, pageOf())).catch(unlessRaced);
    // Only the log's own time of the facts tells whether they count.
    return page.isWritten ? { ...page, ledger: (await quotas.load(subject)).state } : page;
  };

  async function attempt(subject: string, { asking, settle, report }: LedgerPage): Promise<Attempt> {
    const { state, revision } = await quotas.load(subject);
    const [atUnixMs, since] = [now(), stopwatch()];
    const ended = { atUnixMs, settle, report };
    const known = decider.decide({ ...ended, reserve: [] }, state).reduce(decider.evolve, state);
    const allowanceOf = (ownerId: string) => allowances.known(allowanceSubject(ownerId));
    const outcome = admit(limits, known, { atUnixMs, asking, allowanceOf });
    const reserve = outcome.admitted.map(({ reservation }) => reservation);
    const facts = decider.decide({ ...ended, reserve }, state);
    const charges = await Promise.all(
      chargesOf(outcome.admitted, settle).map(async ({ ownerId, ...charge }) => {
        const owner = await allowances.load(allowanceSubject(ownerId));
        const events = allowance.decide({ ...charge, atUnixMs }, owner.state);
        return appendOf(allowances.codec, { subject: allowanceSubject(ownerId), revision: owner.revision, events });
      }),
    );
    const isWritten = facts.length > 0;
    if (isWritten) await store.append([appendOf(quotas.codec, { subject, revision, events: facts }), ...charges]);
    return { ...outcome, atUnixMs, since, ledger: state, isWritten };
  }
}

// What was remembered of an allowance was not the last word.
const isRace = (error: unknown) =>
  error instanceof VersionConflict || (error instanceof DomainError && error.code === "owner_allowance_spent");

const races = retry(handleWhen(isRace), {
  maxAttempts: 30,
  backoff: new ExponentialBackoff({ initialDelay: 2, maxDelay: 250 }),
});

function unlessRaced(error: unknown): never {
  if (error instanceof VersionConflict) throw new DomainError("unavailable", "unavailable", { cause: error });
  throw error;
}

function appendOf<Fact>(
  codec: EventCodec<Fact>,
  { subject, revision, events }: { subject: string; revision: number; events: readonly Fact[] },
): Append {
  return { subject, expectedSequence: revision, events: events.map((event) => codec.encode(event)) };
}

interface OwnersCharge {
  readonly ownerId: string;
  readonly charge: readonly string[];
  readonly giveBack: readonly string[];
  readonly messagesADay: number | undefined;
}

/** Answers are what an owner pays for: every call is charged when it begins, and one without an answer is given back. */
function chargesOf(admitted: readonly Asking[], settle: readonly CallSettled[]): OwnersCharge[] {
  const failed = settle.filter(({ outcome }) => outcome !== CallOutcome.ANSWERED);
  const owners = new Set([...admitted.map(({ reservation }) => reservation), ...failed].map(({ ownerId }) => ownerId));
  return [...owners].map((ownerId) => {
    const own = admitted.filter(({ reservation }) => reservation.ownerId === ownerId);
    // Callers may know different plans for a moment. Each was admitted by its own; the least one would refuse all for ever.
    const limits = own.map(({ messagesADay = Number.POSITIVE_INFINITY }) => messagesADay);
    const most = Math.max(0, ...limits);
    return {
      ownerId,
      charge: own.map(({ reservation }) => reservation.chargeKey),
      giveBack: failed.filter((call) => call.ownerId === ownerId).map(({ chargeKey }) => chargeKey),
      messagesADay: Number.isFinite(most) ? most : undefined,
    };
  });
}
