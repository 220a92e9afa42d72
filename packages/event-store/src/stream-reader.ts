import { AckPolicy, type Consumer, DeliverPolicy, type JsMsg, type NatsConnection, nanos } from "nats";
import { LogUnavailable } from "./log-unavailable.ts";

/** Reads a stream in order, as long as it is asked to. */
export interface StreamReader {
  /**
   * The next messages: ends after `max`, or after a second, or at once when `signal` aborts. Throws `LogUnavailable` when
   * the server has lost the reader or a message was lost on the way: open another one after the last message used.
   */
  next(max: number, signal: AbortSignal): AsyncIterable<JsMsg>;
  /** Messages that match and were not handed out by `next` yet; to be asked between two of them. Throws as `next` does. */
  pending(): Promise<number>;
  close(): Promise<void>;
}

/** Where to read: all messages of the stream that match one of the filters, from a sequence on. */
export interface ReadFrom {
  readonly stream: string;
  readonly filterSubjects: readonly string[];
  readonly sequence: number;
}

/** The least the client allows. */
const PULL_MS = 1_000;
const FORGET_AFTER_MS = 60_000;

/**
 * A pull consumer in the leader's memory without acknowledgements. The library's ordered consumer is much the same, but
 * retries inside for ever and hides from its user that it is doing so; here every doubt is an error of the caller's.
 */
export async function streamReader(nats: NatsConnection, from: ReadFrom): Promise<StreamReader> {
  const { consumers } = await nats.jetstreamManager({ checkAPI: false });
  const info = await consumers.add(from.stream, {
    ack_policy: AckPolicy.None,
    deliver_policy: DeliverPolicy.StartSequence,
    opt_start_seq: from.sequence,
    filter_subjects: [...from.filterSubjects],
    mem_storage: true,
    num_replicas: 1,
    inactive_threshold: nanos(FORGET_AFTER_MS),
  });
  const consumer: Consumer = nats.jetstream().consumers.getPullConsumerFor(info);
  let delivered = 0;

  return {
    async *next(max, signal) {
      const messages = await consumer.fetch({ max_messages: max, expires: PULL_MS });
      const stop = () => messages.stop();
      signal.addEventListener("abort", stop, { once: true });
      if (signal.aborted) stop();
      try {
        for await (const message of messages) {
          if (signal.aborted) return;
          if (message.info.deliverySequence !== delivered + 1)
            throw new LogUnavailable("a message got lost on the way");
          delivered++;
          yield message;
        }
      } finally {
        signal.removeEventListener("abort", stop);
        messages.stop();
      }
    },
    pending: async () => {
      const now = await consumer.info();
      // Sent to a fetch that was over by then: nobody sends it again.
      if (now.delivered.consumer_seq !== delivered) throw new LogUnavailable("a message got lost on the way");
      return now.num_pending;
    },
    close: async () => {
      // The server forgets it by itself when it cannot be told.
      await consumer.delete().catch(() => false);
    },
  };
}
