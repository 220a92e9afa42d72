import type { EventCodec, EventStore } from "@botfactory/event-store";
import { LRUCache } from "lru-cache";
import type { LedgerStart } from "./ledger-start.ts";

/** One kind of ledger on the log, read from where it still matters; a fact counts from the moment the log stored it. */
export interface LedgerLog<State, Fact> {
  readonly codec: EventCodec<Fact>;
  /** The state with everything acknowledged before the call. */
  load(subject: string): Promise<LoadedLedger<State>>;
  /** The state with everything up to a fact this process has just written; sooner than `load`. */
  loadUpTo(subject: string, revision: number): Promise<LoadedLedger<State>>;
  /** The state as it was loaded last; others may have gone on since. */
  known(subject: string): LoadedLedger<State> | undefined;
}

export interface LoadedLedger<State> {
  readonly state: State;
  readonly revision: number;
}

export interface LedgerLogOptions<State, Fact> {
  readonly store: EventStore;
  readonly codec: EventCodec<Fact>;
  readonly initial: State;
  readonly evolve: (state: State, fact: Fact, storedAtUnixMs: number) => State;
  readonly startOf: LedgerStart;
}

// An owner's allowance is some 200 KB at most.
const LEDGERS_KEPT = 1_000;

export function ledgerLog<State, Fact>(options: LedgerLogOptions<State, Fact>): LedgerLog<State, Fact> {
  const { store, codec, initial, evolve, startOf } = options;
  const kept = new LRUCache<string, LoadedLedger<State>>({ max: LEDGERS_KEPT });

  async function loadUpTo(subject: string, upTo: number): Promise<LoadedLedger<State>> {
    const before = kept.get(subject) ?? { state: initial, revision: await startOf(subject) };
    const news = await store.read(subject, codec, { after: before.revision, upTo });
    const state = news.reduce((so, { event, time }) => evolve(so, event, time.getTime()), before.state);
    const loaded = { state, revision: news.at(-1)?.sequence ?? before.revision };
    // Another load may have come further meanwhile.
    if (loaded.revision >= (kept.peek(subject)?.revision ?? 0)) kept.set(subject, loaded);
    return loaded;
  }

  return { codec, known: (subject) => kept.get(subject), load: (subject) => loadUpTo(subject, 0), loadUpTo };
}
