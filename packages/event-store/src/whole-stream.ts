import type { NatsConnection } from "nats";
import { LogUnavailable } from "./log-unavailable.ts";
import type { StreamMessage } from "./stream-message.ts";
import { type StreamReader, streamReader } from "./stream-reader.ts";
import { streamEnd } from "./streams.ts";

/** How far a stream is to be read: up to and with the sequence `last`. */
export interface WholeStream {
  readonly stream: string;
  readonly last: number;
}

const PAGE = 1_000;
const ASK_AGAIN_WITHIN_MS = 1_000;
// In a row without a single message.
const TRIES = 3;

/**
 * Every message of a stream from its first to `last`, in order. Ends where nothing can be read any more, which may be
 * earlier: who must have all counts them.
 */
export async function* wholeStream(nats: NatsConnection, { stream, last }: WholeStream): AsyncIterable<StreamMessage> {
  let position = 0;
  for (let vain = 0; position < last && vain < TRIES; vain++) {
    const reader = streamReader(nats, { stream, subject: ">", after: position });
    try {
      for await (const message of messagesOf(reader)) {
        if (message.sequence > last) return;
        [position, vain] = [message.sequence, 0];
        yield message;
        if (position === last) return;
      }
    } catch (error) {
      if (!(error instanceof LogUnavailable)) throw error;
    } finally {
      reader.close();
    }
  }
}

/**
 * Every message that a stream has now, in order.
 * @throws LogUnavailable when it ends and not all of them could be read.
 */
export async function* completeStream(nats: NatsConnection, stream: string): AsyncIterable<StreamMessage> {
  const { last, messages } = (await streamEnd(nats, stream)) ?? { last: 0, messages: 0 };
  let read = 0;
  for await (const message of wholeStream(nats, { stream, last })) {
    read += 1;
    yield message;
  }
  if (read < messages) throw new LogUnavailable(`only ${read} of ${messages} messages of ${stream} can be read`);
}

/** A page may be empty although there are more: those the server cannot read, or a copy that lags behind. */
async function* messagesOf(reader: StreamReader): AsyncIterable<StreamMessage> {
  for (let waitMs = 0; ; ) {
    const { messages } = await reader.next({ max: PAGE, waitMs });
    yield* messages;
    const isEmpty = messages.length === 0;
    if (isEmpty && (waitMs > 0 || (await reader.state()).isAtEnd)) return;
    waitMs = isEmpty ? ASK_AGAIN_WITHIN_MS : 0;
  }
}
