import type { JsMsg, NatsConnection } from "nats";
import { LogUnavailable } from "./log-unavailable.ts";
import { type StreamReader, streamReader } from "./stream-reader.ts";

/** How far a stream is to be read: up to and with the sequence `last`. */
export interface WholeStream {
  readonly stream: string;
  readonly last: number;
}

const PAGE = 1_000;
// In a row without a single message.
const TRIES = 3;

/**
 * Every message of a stream from its first to `last`, in order. Ends where nothing can be read any more, which may be
 * earlier: who must have all counts them.
 */
export async function* wholeStream(nats: NatsConnection, { stream, last }: WholeStream): AsyncIterable<JsMsg> {
  let position = 0;
  for (let vain = 0; position < last && vain < TRIES; vain++) {
    const reader = await streamReader(nats, { stream, filterSubjects: [">"], sequence: position + 1 });
    try {
      for await (const message of pagesOf(reader)) {
        if (message.seq > last) return;
        [position, vain] = [message.seq, 0];
        yield message;
        if (position === last) return;
      }
    } catch (error) {
      if (!(error instanceof LogUnavailable)) throw error;
    } finally {
      await reader.close();
    }
  }
}

/** A page may be empty although messages are counted: those the server cannot read, or a busy machine. */
async function* pagesOf(reader: StreamReader): AsyncIterable<JsMsg> {
  const never = new AbortController().signal;
  for (let isEmpty = false; !isEmpty && (await reader.pending()) > 0; ) {
    isEmpty = true;
    for await (const message of reader.next(PAGE, never)) {
      isEmpty = false;
      yield message;
    }
  }
}
