import { crashPoint } from "@botfactory/crash-points";
import type { JsMsg, NatsConnection } from "nats";
import type { Checkpoint, CheckpointStore } from "./checkpoint.ts";
import { type EventCodec, UnknownEvent } from "./event-codec.ts";
import type { Recorded } from "./event-store.ts";
import type { ProjectionTarget } from "./fold-into.ts";
import { logEnd } from "./log-state.ts";
import { eventIdOf, recordedMessage } from "./recorded-message.ts";
import { consumeSpan } from "./spans.ts";
import { type StreamReader, streamReader } from "./stream-reader.ts";

/** What one projection reads, where it writes, and whom it tells how far it is. */
export interface Course<Event> {
  readonly nats: NatsConnection;
  readonly stream: string;
  readonly filterSubjects: readonly string[];
  readonly codec: EventCodec<Event>;
  readonly target: ProjectionTarget<Event>;
  readonly checkpoints: CheckpointStore;
  readonly batchSize: number;
  readonly gatherMs: number;
  readonly onProblem: (problem: unknown) => void;
  /** Every event up to the sequence is in the documents; about `pending` more are not. */
  readonly onProgress: (sequence: number, pending: number) => void;
  /** Resolves after so long, or as soon as somebody waits for what is not in the documents yet. */
  readonly gather: (ms: number) => Promise<void>;
}

/** Brings the log into the documents from a checkpoint on, until its epoch is over or `signal` aborts. */
export async function followEpoch<Event>(course: Course<Event>, start: Checkpoint, signal: AbortSignal): Promise<void> {
  const reader = await streamReader(course.nats, { ...course, sequence: start.sequence + 1 });
  let position = start.sequence;
  try {
    while (!signal.aborted && (await isCurrent(course, start))) {
      for await (const batch of batches(reader, course, signal)) {
        if (!(await applyBatch(course, start, batch))) return;
        position = batch.at(-1)?.seq ?? position;
        course.onProgress(position, batch.at(-1)?.info.pending ?? 0);
      }
      const end = await logEnd(course.nats, course.stream);
      const pending = await reader.pending();
      if (signal.aborted) return;
      // Nothing matches any more up to the log's end, so the documents are that far, though the last match was earlier.
      course.onProgress(pending === 0 ? Math.max(position, end) : position, pending);
    }
  } finally {
    await reader.close();
  }
}

/**
 * A batch ends where the log ends for now and has ended for a moment: under load events come one by one, each as the log's
 * last, and written one by one they would cost a database more than answering costs. Nobody waits longer for it who waits
 * for what they wrote.
 */
async function* batches<Event>(
  reader: StreamReader,
  { batchSize, gatherMs, gather }: Course<Event>,
  signal: AbortSignal,
): AsyncIterable<readonly JsMsg[]> {
  const messages = reader.next(batchSize, signal)[Symbol.asyncIterator]();
  let batch: JsMsg[] = [];
  let gathered: Promise<void> | undefined;
  try {
    for (let coming = messages.next(); ; ) {
      const isAtEnd = batch.at(-1)?.info.pending === 0;
      const next = isAtEnd ? await Promise.race([coming, gathered]) : await coming;
      if (next === undefined) {
        yield batch;
        batch = [];
      } else if (next.done) break;
      else {
        if (batch.length === 0) gathered = gather(gatherMs);
        batch.push(next.value);
        coming = messages.next();
      }
    }
    if (batch.length > 0 && !signal.aborted) yield batch;
  } finally {
    await messages.return?.();
  }
}

/** False when the documents were cleared meanwhile. */
async function applyBatch<Event>(course: Course<Event>, start: Checkpoint, batch: readonly JsMsg[]): Promise<boolean> {
  const last = batch.at(-1);
  if (last === undefined) return true;
  const now = await course.checkpoints.find();
  if (!isRunning(now, start)) return false;
  // What another process has brought in is not written again: the document of an event long deleted would come back, and
  // stay if this process died before it reads the deletion.
  const news = batch.filter(({ seq }) => seq > now.sequence);
  const events = news.flatMap((message) => known(course, message));
  if (news.length > 0) await consumeSpan(course.stream, news[0]?.headers, () => course.target.apply(events));
  crashPoint("prj.beforeCheckpoint");
  if (await course.checkpoints.advance(start.epoch, last.seq, eventIdOf(last))) return true;
  // Cleared while this batch was written: some of it may stand among documents that know nothing of what was before.
  await course.checkpoints.reset(await course.checkpoints.find());
  return false;
}

async function isCurrent<Event>({ checkpoints }: Course<Event>, start: Checkpoint): Promise<boolean> {
  return isRunning(await checkpoints.find(), start);
}

function isRunning(now: Checkpoint | null, { epoch }: Checkpoint): now is Checkpoint {
  return now?.epoch === epoch && now.state === "running";
}

function known<Event>({ codec, onProblem }: Course<Event>, message: JsMsg): Recorded<Event>[] {
  try {
    return [recordedMessage(message, codec)];
  } catch (error) {
    if (!(error instanceof UnknownEvent)) throw error;
    onProblem(error);
    return [];
  }
}
