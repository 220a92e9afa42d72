import { type Decider, fold } from "@botfactory/decider";
import { LRUCache } from "lru-cache";
import type { EventCodec } from "./event-codec.ts";
import type { EventStore } from "./event-store.ts";
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
  /** Takes over a state this process has just written, so that the next load need not read it back. */
  remember(subject: string, loaded: Loaded<State>): void;
}

/** How often a lost race is run again: 15 times by default, with jittered pauses. */
export interface RetryOptions {
  readonly retries?: number;
}

/** What a command handler is made of; `cacheSize` bounds the subjects whose state is kept in memory (1,000). */
export interface CommandHandlerOptions<Command, State, Event> {
  readonly store: EventStore;
  readonly decider: Decider<Command, State, Event>;
  readonly codec: EventCodec<Event>;
  readonly cacheSize?: number;
}

/** The command handler of one decider. States are shared with the cache, so deciders must not change them in place. */
export function commandHandler<Command, State, Event>({
  store,
  decider,
  codec,
  cacheSize = 1_000,
}: CommandHandlerOptions<Command, State, Event>): CommandHandler<Command, State, Event> {
  const cache = new LRUCache<string, Loaded<State>>({ max: cacheSize });
  const work = unitOfWork(store);

  const remember = (subject: string, loaded: Loaded<State>) => {
    if (loaded.revision >= (cache.peek(subject)?.revision ?? 0)) cache.set(subject, loaded);
  };

  const handler: CommandHandler<Command, State, Event> = {
    decider,
    codec,
    remember,
    load: async (subject) => {
      const known = cache.get(subject) ?? { state: decider.initial, revision: 0 };
      const news = await store.read(subject, codec, known.revision);
      const evolved = fold(
        { ...decider, initial: known.state },
        news.map(({ event }) => event),
      );
      const loaded = { state: evolved, revision: news.at(-1)?.sequence ?? known.revision };
      remember(subject, loaded);
      return loaded;
    },
    handle: (subject, command, options) =>
      work(async (decide) => decide(handler, subject, command), options).then(({ result, revisions }) => ({
        ...result,
        revision: revisions.get(subject) ?? result.revision,
      })),
  };
  return handler;
}
