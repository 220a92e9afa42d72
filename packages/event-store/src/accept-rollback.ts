import type { mongo } from "mongoose";
import type { NatsConnection } from "nats";
import { v7 as newEpoch } from "uuid";
import { endOfLog, type LogEnd } from "./inspect-log.ts";
import { type KeptWatermark, keptWatermark } from "./log-watermark-document.ts";

/** What an operator accepted: the log as it is, in place of the one the watermark knew. */
export interface AcceptedRollback {
  readonly now: LogEnd;
  readonly before: Pick<KeptWatermark, "sequence" | "hash" | "missing"> | undefined;
}

/**
 * Takes the stream as it is now for the truth: after a restore from a backup, or after damage that cannot be healed.
 * Processes that run must be started again (they say so themselves), since they remember what the log has forgotten.
 * Aggregates whose own chain is broken stay closed.
 */
export async function acceptRollback(
  nats: NatsConnection,
  database: mongo.Db,
  stream: string,
): Promise<AcceptedRollback> {
  const kept = keptWatermark(database, stream);
  const before = await kept.find();
  const now = await endOfLog(await nats.jetstreamManager({ checkAPI: false }), stream);
  const { sequence = 0, hash = "", missing = 0 } = before ?? {};
  await kept.replace({ ...now, epoch: newEpoch(), accepted: { at: new Date(), sequence, hash } });
  // Snapshots of events that are gone; they are made again.
  await database.collection("snapshots").deleteMany({ revision: { $gt: now.sequence } });
  return { now, before: before === null ? undefined : { sequence, hash, missing } };
}
