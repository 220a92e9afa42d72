import {
  ConsecutiveBreaker,
  circuitBreaker,
  ExponentialBackoff,
  handleAll,
  TimeoutStrategy,
  timeout,
  wrap,
} from "cockatiel";
import { mongo } from "mongoose";

/** The state of one subject as it was after one of its events. */
export interface Snapshot<State> {
  readonly state: State;
  /** Sequence of that event. */
  readonly revision: number;
  /** Its id: tells whether the log still is the one the state came from. */
  readonly eventId: string;
}

/** Snapshots of the subjects of one decider. Disposable: whatever is not found is folded from the log. */
export interface Snapshots<State> {
  /** Undefined also when it cannot be had in time or is of another version; never rejects. */
  find(subject: string): Promise<Snapshot<State> | undefined>;
  /** False when it was not taken, as too much is being written already. What is taken may still get lost. */
  keep(subject: string, snapshot: Snapshot<State>): boolean;
  /** Forgets one that does not fit the log, if it can. */
  drop(subject: string): void;
}

/** How a state becomes bytes and comes back; `decode` may throw on bytes of another version. */
export interface StateCodec<State> {
  /** To be raised with every change of `evolve` or of the bytes: snapshots of other versions are left alone. */
  readonly version: number;
  encode(state: State): Uint8Array;
  decode(bytes: Uint8Array): State;
}

interface SnapshotDocument {
  readonly _id: string;
  readonly version: number;
  readonly revision: number;
  readonly eventId: string;
  readonly state: mongo.Binary | Uint8Array;
}

// A log of a thousand events is read in less.
const ANSWER_WITHIN_MS = 500;
const FAILURES_BORNE = 2;
const WRITES_AT_ONCE = 16;

/**
 * Snapshots in a MongoDB collection, one document a subject. While the database is away nobody waits for it: after two
 * failures it is left alone for some seconds.
 */
export function mongoSnapshots<State>(
  collection: mongo.Collection<SnapshotDocument>,
  codec: StateCodec<State>,
): Snapshots<State> {
  const { version } = codec;
  const reading = patience();
  const writing = patience();
  let underWay = 0;

  return {
    find: (subject) =>
      reading
        .execute(async () => {
          const found = await collection.findOne({ _id: subject, version }, { promoteBuffers: true });
          if (found === null) return undefined;
          const { state, revision, eventId } = found;
          return { state: codec.decode(bytesOf(state)), revision, eventId };
        }, ownSignal())
        .catch(() => undefined),

    keep(subject, { state, revision, eventId }) {
      if (underWay >= WRITES_AT_ONCE) return false;
      underWay += 1;
      const kept = { version, revision, eventId, state: Buffer.from(codec.encode(state)) };
      const older = { _id: subject, $or: [{ revision: { $lt: revision } }, { version: { $ne: version } }] };
      void writing
        .execute(() => collection.replaceOne(older, kept, { upsert: true }).catch(unlessNewer), ownSignal())
        .catch(() => undefined)
        .finally(() => {
          underWay -= 1;
        });
      return true;
    },

    drop(subject) {
      void writing.execute(() => collection.deleteOne({ _id: subject }), ownSignal()).catch(() => undefined);
    },
  };
}

/** Left out, the library gives all calls one and the same, and node warns of the listeners that gather there. */
const ownSignal = () => new AbortController().signal;

const DUPLICATE_KEY = 11000;

/** Where a newer one is, none matches, and the insert meets it. */
function unlessNewer(error: unknown): void {
  if (!(error instanceof mongo.MongoServerError && error.code === DUPLICATE_KEY)) throw error;
}

function patience() {
  const breaker = circuitBreaker(handleAll, {
    halfOpenAfter: new ExponentialBackoff({ initialDelay: 1_000, maxDelay: 15_000 }),
    breaker: new ConsecutiveBreaker(FAILURES_BORNE),
  });
  return wrap(breaker, timeout(ANSWER_WITHIN_MS, { strategy: TimeoutStrategy.Aggressive, abortOnReturn: false }));
}

function bytesOf(stored: mongo.Binary | Uint8Array): Uint8Array {
  return stored instanceof Uint8Array ? stored : stored.value();
}
