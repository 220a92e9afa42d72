import { DomainError, fold } from "@botfactory/decider";
import { ExponentialBackoff, handleType, retry } from "cockatiel";
import type { CommandFor, CommandHandler, Handled, Loaded, RetryOptions } from "./command-handler.ts";
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
    const once = () => attempt(store, work, { mayRecall: contended === undefined });
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
  { mayRecall }: { readonly mayRecall: boolean },
): Promise<WorkDone<Result>> {
  const staged: Staged[] = [];
  const result = await work(decideInto(staged, mayRecall));
  const revisions = await store.append(staged.map(({ append }) => append));
  for (const [index, { remember }] of staged.entries()) remember(revisions[index] ?? 0);
  return { result, revisions: new Map(staged.map(({ append }, index) => [append.subject, revisions[index] ?? 0])) };
}

function decideInto(staged: Staged[], mayRecall: boolean): Decide {
  return async (handler, subject, command) => {
    if (staged.some(({ append }) => append.subject === subject)) throw new Error("a subject was decided on twice");
    const recalled = mayRecall ? decidedOnRecalled(handler, subject, command) : undefined;
    const decided = recalled ?? decideOn(handler, await handler.load(subject), command);
    const { state, revision, events } = decided;
    const encoded = events.map((event) => handler.codec.encode(event));
    const written = { count: encoded.length, eventId: encoded.at(-1)?.id ?? "" };
    staged.push({
      append: { subject, expectedSequence: revision, events: encoded },
      remember: (newRevision) => {
        if (events.length > 0) handler.remember(subject, { state, revision: newRevision }, written);
      },
    });
    return decided;
  };
}

/** Undefined when nothing is remembered, or when on that the command is refused or has nothing to do. */
function decidedOnRecalled<Command, State, Event>(
  handler: CommandHandler<Command, State, Event>,
  subject: string,
  command: CommandFor<Command, State>,
): Handled<State, Event> | undefined {
  const recalled = handler.recall(subject);
  if (recalled === undefined) return undefined;
  try {
    const decided = decideOn(handler, recalled, command);
    return decided.events.length > 0 ? decided : undefined;
  } catch {
    return undefined;
  }
}

function decideOn<Command, State, Event>(
  { decider }: CommandHandler<Command, State, Event>,
  { state, revision }: Loaded<State>,
  command: CommandFor<Command, State>,
): Handled<State, Event> {
  const events = decider.decide(isMaker(command) ? command(state) : command, state);
  return { state: fold({ ...decider, initial: state }, events), revision, events };
}

function isMaker<Command, State>(command: CommandFor<Command, State>): command is (state: State) => Command {
  return typeof command === "function";
}
