import { DomainError } from "@botfactory/decider";
import { type Append, type EventCodec, type EventStore, VersionConflict } from "@botfactory/event-store";
import { CallOutcome, type CallSettled, type LimitReported } from "@botfactory/proto/events/v1/quota";
import { ExponentialBackoff, handleWhen, retry } from "cockatiel";
import { type Allowances, allowanceSubject } from "./allowances.ts";
import { type Admitted, type Asking, admit } from "./domain/admit.ts";
import { allowance } from "./domain/allowance.ts";
import { evolveLedger } from "./domain/evolve-ledger.ts";
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
  /** Where the ledger and the allowances end after what was written; empty when there was nothing to write. */
  readonly revisions: readonly (readonly [subject: string, revision: number])[];
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
  // While nobody else seems to write, what is remembered is what the log has. If it is not, the log refuses the append; what
  // would not be appended is decided on the log at once.
  let isAlone = true;

  return async function write(subject: string, pageOf: () => LedgerPage): Promise<WrittenPage> {
    const once = ({ attempt: lost }: { readonly attempt: number }) => {
      if (lost > 0) isAlone = false;
      return attempt(subject, pageOf());
    };
    const page = await races.execute(once).catch(unlessRaced);
    const [own, ...charged] = page.revisions;
    if (own === undefined) return page;
    // Only the log's own time of the facts tells whether they count.
    const [ledger] = await Promise.all([
      quotas.loadUpTo(...own),
      ...charged.map((charge) => allowances.loadUpTo(...charge)),
    ]);
    return { ...page, ledger: ledger.state };
  };

  async function attempt(subject: string, { asking, settle, report }: LedgerPage): Promise<Attempt> {
    const remembered = quotas.known(subject);
    const recalls = isAlone && remembered !== undefined;
    const { state, revision } = recalls ? remembered : await quotas.load(subject);
    isAlone = remembered === undefined || remembered.revision === revision;
    const [atUnixMs, since] = [now(), stopwatch()];
    const ended = { atUnixMs, settle, report };
    // As the decider will see it, or an owner would be charged for a call that it does not reserve.
    const known = decider
      .decide({ ...ended, reserve: [] }, state)
      .reduce((so, fact) => evolveLedger(limits, so, { fact, storedAt: atUnixMs }), state);
    const allowanceOf = (ownerId: string) => allowances.known(allowanceSubject(ownerId))?.state;
    const outcome = admit(limits, known, { atUnixMs, asking, allowanceOf });
    if (recalls && outcome.admitted.length < asking.length) {
      isAlone = false;
      return attempt(subject, { asking, settle, report });
    }
    const reserve = outcome.admitted.map(({ reservation }) => reservation);
    const facts = decider.decide({ ...ended, reserve }, state);
    const written = { ...outcome, atUnixMs, since, ledger: state };
    if (facts.length === 0) return { ...written, revisions: [] };
    const settled = facts.flatMap((fact) => (fact.case === "callSettled" ? [fact.value] : []));
    const charges = await chargesOn(allowances, chargesOf(outcome.admitted, settled), { recalls, atUnixMs });
    const ledger = appendOf(quotas.codec, { subject, revision, events: facts });
    const appends = [ledger, ...charges.filter(({ events }) => events.length > 0)];
    const revisions = await store.append(appends);
    return { ...written, revisions: appends.map((append, index) => [append.subject, revisions[index] ?? 0] as const) };
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

function chargesOn(
  allowances: Allowances,
  charges: readonly OwnersCharge[],
  { recalls, atUnixMs }: { readonly recalls: boolean; readonly atUnixMs: number },
): Promise<Append[]> {
  return Promise.all(
    charges.map(async ({ ownerId, ...charge }) => {
      const subject = allowanceSubject(ownerId);
      const owner = (recalls ? allowances.known(subject) : undefined) ?? (await allowances.load(subject));
      const events = allowance.decide({ ...charge, atUnixMs }, owner.state);
      return appendOf(allowances.codec, { subject, revision: owner.revision, events });
    }),
  );
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
