import { LRUCache } from "lru-cache";
import type { Snapshot, Snapshots } from "./snapshots.ts";

/** A state this process knows; `eventId` is "" when it was not built from the log's events. */
export interface Remembered<State> extends Snapshot<State> {
  /** Events in the state that no snapshot holds. */
  readonly unkept: number;
}

export interface RememberedStatesOptions<State> {
  readonly cacheSize: number;
  readonly cacheBytes?: number | undefined;
  readonly bytesOf?: ((state: State) => number) | undefined;
  readonly snapshots?: Snapshots<State> | undefined;
  readonly snapshotEvery: number;
}

/** The states of the subjects used last, bounded in number and bytes; every so many events one becomes a snapshot. */
export function rememberedStates<State>(options: RememberedStatesOptions<State>) {
  const { cacheSize, cacheBytes, bytesOf, snapshots, snapshotEvery } = options;
  const cache = new LRUCache<string, Remembered<State>>({
    max: cacheSize,
    ...(cacheBytes && bytesOf
      ? { maxSize: cacheBytes, sizeCalculation: ({ state }) => Math.max(1, Math.ceil(bytesOf(state))) }
      : {}),
  });

  const kept = (subject: string, known: Remembered<State>): Remembered<State> => {
    if (snapshots === undefined || known.unkept < snapshotEvery || known.eventId === "") return known;
    const { state, revision, eventId } = known;
    return snapshots.keep(subject, { state, revision, eventId }) ? { ...known, unkept: 0 } : known;
  };

  return {
    of: (subject: string) => cache.get(subject),
    put(subject: string, known: Remembered<State>) {
      if (known.revision >= (cache.peek(subject)?.revision ?? 0)) cache.set(subject, kept(subject, known));
    },
  };
}
