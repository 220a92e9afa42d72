import { setTimeout as pause } from "node:timers/promises";
import { mongo } from "mongoose";
import { v7 as newEpoch } from "uuid";

/** How far a projection has come; kept in the collection `checkpoints` beside what the projection wrote. */
export interface Checkpoint {
  /** The projection's name. */
  readonly _id: string;
  /** Another one after every clearing, so that a writer notices that it works on documents that are gone. */
  readonly epoch: string;
  /** While "clearing" nobody may write. */
  readonly state: "clearing" | "running";
  /** Stream sequence of the last event that is wholly in the documents (0: none). */
  readonly sequence: number;
  /** Id of that event ("": none): tells whether the log still is the one the documents came from. */
  readonly eventId: string;
}

/** The checkpoint of one projection, shared by all processes that run it. */
export interface CheckpointStore {
  find(): Promise<Checkpoint | null>;
  /** False when the epoch is over: what was written since it was last looked at may be wrong. */
  advance(epoch: string, sequence: number, eventId: string): Promise<boolean>;
  /** Clears the documents and starts a new epoch at zero, unless another process began one after `seen`. */
  reset(seen: Checkpoint | null): Promise<void>;
}

/**
 * Batches under way when a clearing is announced have this long to end. A batch that takes longer finds its epoch over
 * and clears again, so this is about how often, not about whether documents are right.
 */
const GRACE_MS = 500;
const DUPLICATE_KEY = 11000;

/** Checkpoints need single-document atomicity only: no transaction and no change stream, as FerretDB 2 has none. */
export function checkpointStore(database: mongo.Db, name: string, clear: () => Promise<void>): CheckpointStore {
  const checkpoints = database.collection<Checkpoint>("checkpoints");

  /** The new epoch, or undefined when another process was faster. */
  const announce = async (seen: Checkpoint | null): Promise<string | undefined> => {
    const epoch = newEpoch();
    const clearing = { epoch, state: "clearing", sequence: 0, eventId: "" } as const;
    if (seen !== null) {
      const { matchedCount } = await checkpoints.updateOne({ _id: name, epoch: seen.epoch }, { $set: clearing });
      return matchedCount === 1 ? epoch : undefined;
    }
    try {
      await checkpoints.insertOne({ _id: name, ...clearing });
      return epoch;
    } catch (error) {
      if (error instanceof mongo.MongoServerError && error.code === DUPLICATE_KEY) return undefined;
      throw error;
    }
  };

  return {
    find: () => checkpoints.findOne({ _id: name }),

    advance: async (epoch, sequence, eventId) => {
      const mine = { _id: name, epoch, state: "running" } as const;
      const { matchedCount } = await checkpoints.updateOne(
        { ...mine, sequence: { $lt: sequence } },
        { $set: { sequence, eventId } },
      );
      // Not matched, yet the same epoch: another process is further already.
      return matchedCount === 1 || (await checkpoints.findOne(mine)) !== null;
    },

    reset: async (seen) => {
      const epoch = await announce(seen);
      if (epoch === undefined) return;
      await pause(GRACE_MS);
      const mine = { _id: name, epoch };
      if ((await checkpoints.findOne(mine)) === null) return;
      await clear();
      await checkpoints.updateOne(mine, { $set: { state: "running" } });
    },
  };
}
