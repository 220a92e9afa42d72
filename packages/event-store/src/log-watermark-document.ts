import { mongo } from "mongoose";

/** How far a stream was known to have come, kept in MongoDB (collection `log_watermarks`), outside of the log. */
export interface KeptWatermark {
  /** The stream's name. */
  readonly _id: string;
  /** Sequence of an event that was the stream's last one (0: none). */
  readonly sequence: number;
  /** The hash of that event, or what stands for it in an event from before the chain. */
  readonly hash: string;
  /** Another one after every accepted restore; "" before the first. */
  readonly epoch: string;
  /** Messages known to be gone from the stream, as an operator has accepted. */
  readonly missing: number;
  /** When an operator accepted the log as it is, and what the watermark was until then. */
  readonly accepted?: { readonly at: Date; readonly sequence: number; readonly hash: string };
}

const DUPLICATE_KEY = 11000;

/** The watermark of one stream, shared by all processes of the services that write to it. */
export function keptWatermark(database: mongo.Db, stream: string) {
  const watermarks = database.collection<KeptWatermark>("log_watermarks");

  return {
    find: (): Promise<KeptWatermark | null> => watermarks.findOne({ _id: stream }),

    /** Never backwards, and not by a process that started before the log was restored. */
    async raise(epoch: string, { sequence, hash }: Pick<KeptWatermark, "sequence" | "hash">): Promise<void> {
      const mine = { _id: stream, epoch, sequence: { $lt: sequence } };
      const { matchedCount } = await watermarks.updateOne(mine, { $set: { sequence, hash } });
      if (matchedCount === 1) return;
      try {
        await watermarks.insertOne({ _id: stream, sequence, hash, epoch, missing: 0 });
      } catch (error) {
        // It is there: another process was faster, has come further, or the log was restored.
        if (!(error instanceof mongo.MongoServerError && error.code === DUPLICATE_KEY)) throw error;
      }
    },

    async replace(next: Omit<KeptWatermark, "_id">): Promise<void> {
      await watermarks.replaceOne({ _id: stream }, next, { upsert: true });
    },
  };
}
