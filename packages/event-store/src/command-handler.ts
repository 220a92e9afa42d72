import { type Decider, fold } from "@botfactory/decider";
import type { EventCodec } from "./event-codec.ts";
import type { EventStore, Recorded } from "./event-store.ts";
import { LogDamaged } from "./log-damaged.ts";
import { type Remembered, rememberedStates } from "./remembered-states.ts";
import type { Snapshots } from "./snapshots.ts";
import { unitOfWork } from "./unit-of-work.ts";

/** The state of one subject and the sequence of the last event in it (0: no event yet). */
export interface Loaded<State> {
  readonly state: State;
  readonly revision: number;
}

/** What a command led to; `events` is empty when a repeated command had nothing left to do. */
export interface Handled<State, Event> extends Loaded<State> {
  readonly events: readonly Event[];
}

/** A command, or a function that makes one of the state it will be decided on. */
export type CommandFor<Command, State> = Command | ((state: State) => Command);

/** One kind of aggregate on the log: `load` its state, `handle` a command. */
export interface CommandHandler<Command, State, Event> {
  readonly decider: Decider<Command, State, Event>;
  readonly codec: EventCodec<Event>;
  /** The subject's state with everything acknowledged before the call. */
  load(subject: string): Promise<Loaded<State>>;
  /**
   * Loads, decides, appends; when somebody else appended first, all of it again on the fresh state.
   * Throws what `decide` throws, and `DomainError` unavailable when the log is away or the races do not end.
   */
  handle(subject: string, command: CommandFor<Command, State>, options?: RetryOptions): Promise<Handled<State, Event>>;
  /** The state as this process knows it without asking the log; others may have gone on since. */
  recall(subject: string): Loaded<State> | undefined;
  /** Takes over a state this process has just written, so that the next load need not read it back. */
  remember(subject: string, loaded: Loaded<State>, written?: Written): void;
}

/** The events a process has just written: how many, and the last one's id. */
export interface Written {
  readonly count: number;
  readonly eventId: string;
}

/** How often a lost race is run again: 15 times by default, with jittered pauses. */
export interface RetryOptions {
  readonly retries?: number;
}

/**
 * What a command handler is made of; `cacheSize` bounds the subjects whose state is kept in memory (1,000), `cacheBytes`
 * together with `bytesOf` bounds their size. A snapshot is kept every `snapshotEvery` events (200) of a subject.
 */
export interface CommandHandlerOptions<Command, State, Event> {
  readonly store: EventStore;
  readonly decider: Decider<Command, State, Event>;
  readonly codec: EventCodec<Event>;
  readonly cacheSize?: number;
  readonly cacheBytes?: number;
  readonly bytesOf?: (state: State) => number;
  readonly snapshots?: Snapshots<State>;
  readonly snapshotEvery?: number;
  /**
   * Decide first on what is remembered, without asking the log: for subjects with mostly one writer at a time. Nothing is
   * taken on trust: an append still expects the sequence, and a command that is refused or has nothing to do on what is
   * remembered is decided again on what the log has.
   */
  readonly optimistic?: boolean;
}

/** The command handler of one decider. States are shared with the cache, so deciders must not change them in place. */
export function commandHandler<Command, State, Event>(
  options: CommandHandlerOptions<Command, State, Event>,
): CommandHandler<Command, State, Event> {
  const { store, decider, codec, cacheSize = 1_000, snapshots, snapshotEvery = 200, optimistic = false } = options;
  const states = rememberedStates({ ...options, cacheSize, snapshotEvery });
  const work = unitOfWork(store);
  const nothing: Remembered<State> = { state: decider.initial, revision: 0, eventId: "", unkept: 0 };

  async function newsOf(subject: string): Promise<[Remembered<State>, readonly Recorded<Event>[]]> {
    const known = states.of(subject);
    if (known !== undefined) return [known, await store.read(subject, codec, { after: known.revision })];
    const snapshot = await snapshots?.find(subject);
    if (snapshot === undefined) return [nothing, await store.read(subject, codec)];
    // With the snapshot's own event in front, unless the log is another one.
    const [last, ...news] = await store.read(subject, codec, { after: snapshot.revision - 1 });
    if (last?.sequence === snapshot.revision && last.id === snapshot.eventId) return [{ ...snapshot, unkept: 0 }, news];
    snapshots?.drop(subject);
    return [nothing, await store.read(subject, codec)];
  }

  const handler: CommandHandler<Command, State, Event> = {
    decider,
    codec,
    recall: (subject) => (optimistic ? states.of(subject) : undefined),
    remember: (subject, { state, revision }, written = { count: 0, eventId: "" }) => {
      const unkept = (states.of(subject)?.unkept ?? 0) + written.count;
      states.put(subject, { state, revision, eventId: written.eventId, unkept });
    },
    load: async (subject) => {
      const [known, news] = await newsOf(subject);
      const state = folded({ ...decider, initial: known.state }, subject, news);
      const { sequence: revision, id: eventId } = news.at(-1) ?? { sequence: known.revision, id: known.eventId };
      states.put(subject, { state, revision, eventId, unkept: known.unkept + news.length });
      return { state, revision };
    },
    handle: (subject, command, retries) =>
      work(async (decide) => decide(handler, subject, command), retries).then(({ result, revisions }) => ({
        ...result,
        revision: revisions.get(subject) ?? result.revision,
      })),
  };
  return handler;
}

/** `evolve` never throws on what `decide` made. */
function folded<State, Event>(
  decider: Pick<Decider<never, State, Event>, "initial" | "evolve">,
  subject: string,
  news: readonly Recorded<Event>[],
): State {
  try {
    return fold(
      decider,
      news.map(({ event }) => event),
    );
  } catch (error) {
    throw new LogDamaged({ reason: "unfoldable", subject, sequence: news.at(-1)?.sequence }, error);
  }
}
