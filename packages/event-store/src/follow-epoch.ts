import { crashPoint } from "@botfactory/crash-points";
import type { NatsConnection } from "nats";
import type { Checkpoint, CheckpointStore } from "./checkpoint.ts";
import { type EventCodec, UnknownEvent } from "./event-codec.ts";
import type { Recorded } from "./event-store.ts";
import type { ProjectionTarget } from "./fold-into.ts";
import type { Page } from "./read-page.ts";
import { eventIdOf, recordedMessage } from "./recorded-message.ts";
import { consumeSpan } from "./spans.ts";
import type { StreamMessage } from "./stream-message.ts";
import { LOOK_MS, type StreamReader, streamReader } from "./stream-reader.ts";

/** What one projection reads, where it writes, and whom it tells how far it is. */
export interface Course<Event> {
  readonly nats: NatsConnection;
  readonly stream: string;
  /** Of which messages: a pattern of subjects. */
  readonly subject: string;
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
  const reader = streamReader(course.nats, { ...course, after: start.sequence });
  let position = start.sequence;
  try {
    while (!signal.aborted) {
      const { messages, pending } = await nextBatch(reader, course, signal);
      if (signal.aborted) return;
      const isSame = await (messages.length > 0 ? applyBatch(course, start, messages) : isCurrent(course, start));
      if (!isSame) return;
      position = messages.at(-1)?.sequence ?? position;
      if (messages.length > 0) course.onProgress(position, pending);
      else await lookAround(reader, course, position);
    }
  } finally {
    reader.close();
  }
}

/** Where nothing matches any more up to the log's end, the documents are that far, though the last match was earlier. */
async function lookAround<Event>(reader: StreamReader, { onProgress }: Course<Event>, position: number): Promise<void> {
  const { end, isAtEnd } = await reader.state();
  if (isAtEnd) onProgress(Math.max(position, end), 0);
  else onProgress(position, end - position);
}

/**
 * A batch ends where the log ends for now and has ended for a moment: under load events come one by one, each as the log's
 * last, and written one by one they would cost a database more than answering costs. Nobody waits longer for it who waits
 * for what they wrote.
 */
async function nextBatch<Event>(
  reader: StreamReader,
  { batchSize, gatherMs, gather }: Course<Event>,
  signal: AbortSignal,
): Promise<Page> {
  const page = await reader.next({ max: batchSize, waitMs: LOOK_MS, signal });
  const { length } = page.messages;
  if (length === 0 || length === batchSize || page.pending > 0 || signal.aborted) return page;
  await gather(gatherMs);
  const { messages, pending } = await reader.next({ max: batchSize - length });
  return { messages: [...page.messages, ...messages], pending };
}

/** False when the documents were cleared meanwhile. */
async function applyBatch<Event>(
  course: Course<Event>,
  start: Checkpoint,
  batch: readonly StreamMessage[],
): Promise<boolean> {
  const last = batch.at(-1);
  if (last === undefined) return true;
  const now = await course.checkpoints.find();
  if (!isRunning(now, start)) return false;
  // What another process has brought in is not written again: the document of an event long deleted would come back, and
  // stay if this process died before it reads the deletion.
  const news = batch.filter(({ sequence }) => sequence > now.sequence);
  const events = news.flatMap((message) => known(course, message));
  if (news.length > 0) await consumeSpan(course.stream, news[0]?.headers, () => course.target.apply(events));
  crashPoint("prj.beforeCheckpoint");
  if (await course.checkpoints.advance(start.epoch, last.sequence, eventIdOf(last))) return true;
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

function known<Event>({ codec, onProblem }: Course<Event>, message: StreamMessage): Recorded<Event>[] {
  try {
    return [recordedMessage(message, codec)];
  } catch (error) {
    if (!(error instanceof UnknownEvent)) throw error;
    onProblem(error);
    return [];
  }
}
