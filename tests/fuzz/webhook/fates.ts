import { ConversationEventSchema } from "@botfactory/proto/events/v1/conversation";
import { fromBinary } from "@bufbuild/protobuf";
import type { NatsConnection } from "nats";
import { until } from "../../e2e/support/until.ts";

export interface Fates {
  /** Updates stored, by their place in the log. */
  readonly stored: number;
  readonly passedOver: number;
  readonly turns: Readonly<Record<string, number>>;
  /** Places of stored updates nothing was made of. */
  readonly forgotten: readonly number[];
  /** Turns that were begun and never ended. */
  readonly open: readonly string[];
}

/** Waits until conversation has worked on all there is, then tells what became of every stored update. */
export async function fatesOf(nats: NatsConnection, withinMs: number): Promise<Fates> {
  const { consumers } = await nats.jetstreamManager();
  const worked = async () => {
    const { num_pending: waiting, num_ack_pending: held } = await consumers.info("UPDATES", "conversation");
    return waiting + held === 0;
  };
  await until("every stored update was worked on", worked, withinMs);
  const ends = { replySent: 0, turnRefused: 0, replyUndeliverable: 0, turnQuarantined: 0 };
  const taken = new Set<number>();
  const open = new Set<string>();
  let passedOver = 0;
  for (const { data } of await everything(nats, "CONVERSATIONS")) {
    const { event } = fromBinary(ConversationEventSchema, data);
    if (event.case === "turnStarted" || event.case === "updatesPassedOver") {
      for (const { streamSequence } of event.value.updates) taken.add(Number(streamSequence));
      if (event.case === "turnStarted") open.add(event.value.turnId);
      else passedOver += event.value.updates.length;
    }
    if (event.case !== undefined && event.case in ends && "turnId" in event.value) {
      open.delete(event.value.turnId);
      ends[event.case as keyof typeof ends] += 1;
    }
  }
  const stored = (await everything(nats, "UPDATES")).map(({ seq }) => seq);
  const forgotten = stored.filter((seq) => !taken.has(seq));
  return { stored: stored.length, passedOver, turns: ends, forgotten, open: [...open] };
}

/** All messages of a stream, in order. */
export async function everything(nats: NatsConnection, stream: string, subject = ">") {
  const consumer = await nats.jetstream().consumers.get(stream, { filterSubjects: subject });
  const { num_pending: count } = await consumer.info();
  const found: { readonly seq: number; readonly subject: string; readonly data: Uint8Array }[] = [];
  if (count === 0) return found;
  const messages = await consumer.consume({ max_messages: 500 });
  for await (const { seq, subject: of, data } of messages) {
    found.push({ seq, subject: of, data });
    if (found.length === count) break;
  }
  messages.stop();
  return found;
}
