import { crashPoint } from "@botfactory/crash-points";
import { ExponentialBackoff, handleType, retry } from "cockatiel";
import { mongo } from "mongoose";
import type { Recorded } from "./event-store.ts";

/** What a projection writes to; both functions may be called again after a crash at any point. */
export interface ProjectionTarget<Event> {
  /** Brings the events, oldest first, into the documents; some of them may be there already. */
  apply(batch: readonly Recorded<Event>[]): Promise<void>;
  /** Takes all documents away (their indexes stay). */
  clear(): Promise<void>;
}

/** How events become documents of one collection. */
export interface Fold<Document, Event> {
  readonly database: mongo.Db;
  readonly collection: string;
  /** The `_id`s of the documents an event changes; none: the event is of no interest. */
  readonly ids: (recorded: Recorded<Event>) => readonly string[];
  /**
   * The document after the event, from the document before it (undefined: there is none). Undefined deletes it. Pure;
   * of strings, numbers, booleans, dates, arrays and plain objects only, since other values come back changed.
   */
  readonly evolve: (document: Document | undefined, recorded: Recorded<Event>, id: string) => Document | undefined;
}

/** A document as it is stored: `sequence` is that of the last event in it, and what makes a repeat harmless. */
interface Stored extends mongo.Document {
  _id: string;
  sequence: number;
}

class Contended extends Error {}

const DUPLICATE_KEY = 11000;
const turns = retry(handleType(Contended), {
  maxAttempts: 20,
  backoff: new ExponentialBackoff({ initialDelay: 5, maxDelay: 250 }),
});

/**
 * A target that keeps each document as the fold of the events that concern it. A batch is one read and one bulk write;
 * each write holds only if the document still is the one that was read, so several processes may run the projection.
 */
export function foldInto<Document extends object, Event>(fold: Fold<Document, Event>): ProjectionTarget<Event> {
  const documents = fold.database.collection<Stored>(fold.collection);

  return {
    clear: async () => {
      await documents.deleteMany({});
    },
    apply: (batch) =>
      turns.execute(async () => {
        const ids = [...new Set(batch.flatMap(fold.ids))];
        if (ids.length === 0) return;
        const before = new Map((await documents.find({ _id: { $in: ids } }).toArray()).map((one) => [one._id, one]));
        const writes = writesOf(before, changes(fold, before, batch));
        if (writes.length > 0) await writeAll(documents, writes);
      }),
  };
}

/** Several collections behind one projection: all of them get every batch, side by side. */
export function together<Event>(...targets: readonly ProjectionTarget<Event>[]): ProjectionTarget<Event> {
  return {
    apply: async (batch) => {
      const each = async (target: ProjectionTarget<Event>) => {
        await target.apply(batch);
        crashPoint("prj.midBatch");
      };
      const done = await Promise.allSettled(targets.map(each));
      for (const outcome of done) if (outcome.status === "rejected") throw outcome.reason;
    },
    clear: async () => {
      for (const target of targets) await target.clear();
    },
  };
}

function changes<Document extends object, Event>(
  { ids, evolve }: Fold<Document, Event>,
  before: ReadonlyMap<string, Stored>,
  batch: readonly Recorded<Event>[],
): Map<string, Stored | undefined> {
  const after = new Map<string, Stored | undefined>();
  for (const recorded of batch) {
    for (const id of ids(recorded)) {
      const stored = after.has(id) ? after.get(id) : before.get(id);
      if (stored !== undefined && stored.sequence >= recorded.sequence) continue;
      const evolved = evolve(stored !== undefined && isOurs<Document>(stored) ? stored : undefined, recorded, id);
      after.set(id, evolved && { ...evolved, _id: id, sequence: recorded.sequence });
    }
  }
  return after;
}

/** Whatever carries a sequence was written by this fold. */
function isOurs<Document>(stored: Stored): stored is Stored & Document {
  return typeof stored.sequence === "number";
}

function writesOf(before: ReadonlyMap<string, Stored>, after: ReadonlyMap<string, Stored | undefined>) {
  return [...after].flatMap(([id, document]): mongo.AnyBulkWriteOperation<Stored>[] => {
    const former = before.get(id);
    if (former === undefined) return document === undefined ? [] : [{ insertOne: { document } }];
    const filter = { _id: id, sequence: former.sequence };
    return document === undefined ? [{ deleteOne: { filter } }] : [{ replaceOne: { filter, replacement: document } }];
  });
}

async function writeAll(documents: mongo.Collection<Stored>, writes: mongo.AnyBulkWriteOperation<Stored>[]) {
  try {
    // Left to itself the driver would store undefined as null, and a rebuilt document would differ from a live one.
    const done = await documents.bulkWrite(writes, { ordered: false, ignoreUndefined: true });
    if (done.insertedCount + done.matchedCount + done.deletedCount < writes.length) throw new Contended();
  } catch (error) {
    if (error instanceof mongo.MongoServerError && error.code === DUPLICATE_KEY) throw new Contended();
    throw error;
  }
}
