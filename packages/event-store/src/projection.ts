import { setTimeout as pause } from "node:timers/promises";
import { ConstantBackoff, handleAll, retry } from "cockatiel";
import type { mongo } from "mongoose";
import type { NatsConnection } from "nats";
import { type Checkpoint, checkpointStore } from "./checkpoint.ts";
import type { EventCodec } from "./event-codec.ts";
import type { ProjectionTarget } from "./fold-into.ts";
import { type Course, followEpoch } from "./follow-epoch.ts";
import { logEnd, logHolds } from "./log-state.ts";
import { projectionProgress } from "./projection-progress.ts";

/** A read model: which events, from where, into what. */
export interface ProjectionOptions<Event> {
  /** Unique in the database; the `_id` of the checkpoint. */
  readonly name: string;
  readonly nats: NatsConnection;
  readonly stream: string;
  /** The pattern of subjects whose events the codec knows, such as `accounts.*`; `>` where it knows all. */
  readonly subject: string;
  readonly codec: EventCodec<Event>;
  /** Where the collection `checkpoints` is. */
  readonly database: mongo.Db;
  readonly target: ProjectionTarget<Event>;
  /** Events read and written at once at most (2,000). */
  readonly batchSize?: number;
  /** How long events that come one by one may be gathered before they are written, ms (40). */
  readonly gatherMs?: number;
  /** Asked before the log is read; throws while the stream is not to be trusted, and the documents stay as they are. */
  readonly refuseDamage?: () => Promise<void>;
  /** Told of everything that made the projection pause, skip an event or start again; it goes on by itself. */
  readonly onProblem?: (problem: unknown) => void;
}

/** A projection that runs until it is stopped, in any number of processes at once. */
export interface Projection {
  /**
   * True as soon as everything up to the sequence is in the documents, false after `timeoutMs` (3 s). For the revision of
   * a subject the filters match that is a matter of milliseconds; for any other sequence of up to a second more.
   */
  caughtUpTo(sequence: number, timeoutMs?: number): Promise<boolean>;
  /**
   * Clears the documents and fills them from the beginning of the log; done when what was there at the call is in them.
   * Dropping the collections together with `checkpoints` does the same within a second or two, in all processes.
   */
  rebuild(): Promise<void>;
  /** Events of the log that are not in the documents yet, as of the last look (each second at least). */
  lag(): number;
  /** Ends after the batch under way. */
  stop(): Promise<void>;
}

const RETRY_MS = 500;

/** Starts a projection. Needs neither transactions nor change streams, so it runs on MongoDB and on FerretDB 2. */
export function projection<Event>(options: ProjectionOptions<Event>): Projection {
  const { nats, stream, database, name, target, onProblem = () => undefined } = options;
  const checkpoints = checkpointStore(database, name, target.clear);
  const stopping = new AbortController();
  const progress = projectionProgress();
  let restart = new AbortController();
  const usual = { batchSize: 2_000, gatherMs: 40 };
  const { move: onProgress, gather } = progress;
  const course: Course<Event> = { ...usual, ...options, checkpoints, onProblem, onProgress, gather };

  const runEpoch = async () => {
    restart = new AbortController();
    await options.refuseDamage?.();
    const start = await usableCheckpoint(course, stopping.signal);
    if (start === undefined) return;
    progress.move(start.sequence, progress.pending());
    await followEpoch(course, start, AbortSignal.any([stopping.signal, restart.signal]));
  };

  const attempts = retry(handleAll, { maxAttempts: Number.POSITIVE_INFINITY, backoff: new ConstantBackoff(RETRY_MS) });
  attempts.onFailure(({ reason }) => onProblem("error" in reason ? reason.error : reason.value));
  const run = async () => {
    while (!stopping.signal.aborted) await attempts.execute(runEpoch, stopping.signal);
  };
  const ended = run().catch(() => undefined);

  return {
    caughtUpTo: (sequence, timeoutMs = 3_000) =>
      progress.until(sequence, AbortSignal.timeout(timeoutMs)).then(
        () => true,
        () => false,
      ),
    rebuild: async () => {
      const end = await logEnd(nats, stream);
      await checkpoints.reset(await checkpoints.find());
      progress.move(0, end);
      restart.abort();
      await progress.until(end, stopping.signal);
    },
    lag: progress.pending,
    stop: async () => {
      stopping.abort();
      await ended;
    },
  };
}

const LOOK_AGAIN_MS = 100;
const CLEARING_TAKES_AT_MOST_MS = 30_000;

/** The checkpoint to go on from, after whatever clearing is needed; undefined when stopped meanwhile. */
async function usableCheckpoint<Event>(course: Course<Event>, signal: AbortSignal): Promise<Checkpoint | undefined> {
  const { checkpoints, nats, stream, onProblem } = course;
  for (let waited = 0; !signal.aborted; ) {
    const found = await checkpoints.find();
    if (found?.state === "clearing" && waited < CLEARING_TAKES_AT_MOST_MS) {
      await pause(LOOK_AGAIN_MS);
      waited += LOOK_AGAIN_MS;
    } else if (found?.state === "running") {
      if (await logHolds(nats, stream, found)) return found;
      onProblem(new Error(`the log of ${found._id} is not the one its checkpoint is of: building it again`));
      await checkpoints.reset(found);
    } else await checkpoints.reset(found);
  }
  return undefined;
}
