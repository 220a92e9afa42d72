import type { NatsConnection } from "nats";
import type { StreamMessage } from "./stream-message.ts";
import { LOOK_MS, type ReadAfter, streamReader } from "./stream-reader.ts";

export type { StreamMessage } from "./stream-message.ts";

/** A step of following a stream. */
export interface Followed {
  /** The next messages, in order; perhaps none. */
  readonly messages: readonly StreamMessage[];
  /** Everything that was there at the start has been handed out. */
  readonly isCaughtUp: boolean;
}

const PAGE = 1_000;

/**
 * Every message behind `after`, then those that come, until `signal` aborts. Throws as a reader does, also while nothing
 * comes: the log may be another one then.
 */
export async function* followStream(
  nats: NatsConnection,
  from: ReadAfter,
  signal: AbortSignal,
): AsyncIterable<Followed> {
  const reader = streamReader(nats, from);
  try {
    let isCaughtUp = false;
    for (let behind = 0; !signal.aborted; ) {
      if (!isCaughtUp && behind === 0 && (await reader.state()).isAtEnd) {
        isCaughtUp = true;
        yield { messages: [], isCaughtUp };
      }
      const { messages, pending } = await reader.next({ max: PAGE, waitMs: LOOK_MS, signal });
      behind = pending;
      if (messages.length > 0) yield { messages, isCaughtUp };
      else if (isCaughtUp) await reader.state();
    }
  } finally {
    reader.close();
  }
}
