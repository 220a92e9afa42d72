import { DomainError, fold } from "@botfactory/decider";
import { ExponentialBackoff, handleType, retry } from "cockatiel";
import type { CommandFor, CommandHandler, Handled, RetryOptions } from "./command-handler.ts";
import { type Append, type EventStore, VersionConflict } from "./event-store.ts";
import { lanes } from "./lanes.ts";

/** Decides one command of one subject inside a unit of work; `revision` is still the one it was decided on. */
export type Decide = <Command, State, Event>(
  handler: CommandHandler<Command, State, Event>,
  subject: string,
  command: CommandFor<Command, State>,
) => Promise<Handled<State, Event>>;

/** What the work answered, and the new revision of each subject it decided on. */
export interface WorkDone<Result> {
  readonly result: Result;
  readonly revisions: ReadonlyMap<string, number>;
}

interface Staged {
  readonly append: Append;
  readonly remember: (revision: number) => void;
}

/**
 * Runs a function that decides commands on several subjects of one stream, and stores all their events or none.
 * When somebody else was first on one of them, the function runs again from the start, so beside deciding it must only
 * do what may be repeated. A subject may be decided on once; one that yields no events is not guarded.
 */
export function unitOfWork(store: EventStore) {
  const inLane = lanes();

  return async function run<Result>(
    work: (decide: Decide) => Promise<Result>,
    { retries = 15 }: RetryOptions = {},
  ): Promise<WorkDone<Result>> {
    let contended: string | undefined;
    const once = () => attempt(store, work);
    // Who has lost a race waits in line for the subject: however many commands meet here, only other processes are
    // rivals then, and a slow log cannot make the last ones of fifty lose fifteen times.
    const nextAttempt = () => (contended === undefined ? once() : inLane(contended, once));
    try {
      return await racesOf(retries).execute(() =>
        nextAttempt().catch((error: unknown) => {
          if (error instanceof VersionConflict) contended = error.subject;
          throw error;
        }),
      );
    } catch (error) {
      if (error instanceof VersionConflict) throw new DomainError("unavailable", "unavailable", { cause: error });
      throw error;
    }
  };
}

function racesOf(retries: number) {
  return retry(handleType(VersionConflict), {
    maxAttempts: retries,
    backoff: new ExponentialBackoff({ initialDelay: 5, maxDelay: 250 }),
  });
}

async function attempt<Result>(
  store: EventStore,
  work: (decide: Decide) => Promise<Result>,
): Promise<WorkDone<Result>> {
  const staged: Staged[] = [];
  const result = await work(decideInto(staged));
  const revisions = await store.append(staged.map(({ append }) => append));
  for (const [index, { remember }] of staged.entries()) remember(revisions[index] ?? 0);
  return { result, revisions: new Map(staged.map(({ append }, index) => [append.subject, revisions[index] ?? 0])) };
}

function decideInto(staged: Staged[]): Decide {
  return async (handler, subject, command) => {
    if (staged.some(({ append }) => append.subject === subject)) throw new Error("a subject was decided on twice");
    const { decider, codec } = handler;
    const { state, revision } = await handler.load(subject);
    const events = decider.decide(isMaker(command) ? command(state) : command, state);
    const next = fold({ ...decider, initial: state }, events);
    staged.push({
      append: { subject, expectedSequence: revision, events: events.map((event) => codec.encode(event)) },
      remember: (newRevision) => handler.remember(subject, { state: next, revision: newRevision }),
    });
    return { state: next, revision, events };
  };
}

function isMaker<Command, State>(command: CommandFor<Command, State>): command is (state: State) => Command {
  return typeof command === "function";
}
