import { type Msg, type NatsConnection, RequestStrategy } from "nats";
import { DamageSuspected } from "./log-damaged.ts";
import { LogUnavailable, REQUEST_TIMEOUT_MS } from "./log-unavailable.ts";
import { serverHeader } from "./server-header.ts";
import { directMessage, type StreamMessage } from "./stream-message.ts";

const END_OF_BATCH = 204;
const NOT_FOUND = 404;

/** What one copy of a stream has of a subject from a sequence on. */
export interface Page {
  readonly messages: readonly StreamMessage[];
  /** How many more it has behind them. */
  readonly pending: number;
}

/** Which messages: those whose subject fits the pattern `subject`. */
export interface Readable {
  readonly stream: string;
  readonly subject: string;
}

/**
 * The next messages of a subject from a sequence on, at most `size`, by one batched direct get (ADR-31 of the NATS
 * architecture: one request, many answers, closed by a 204). Any copy may answer; one that lags behind does not have the
 * last ones yet. Throws `LogUnavailable` when one got lost on the way, `DamageSuspected` when the first cannot be read.
 */
export async function readPage(
  nats: NatsConnection,
  { stream, subject }: Readable,
  { from, size }: { readonly from: number; readonly size: number },
): Promise<Page> {
  const request = JSON.stringify({ seq: from, next_by_subj: subject, batch: size });
  const answers = await nats.requestMany(`$JS.API.DIRECT.GET.${stream}`, request, {
    // Not by the client's sentinel, an empty message: a stream may hold such.
    strategy: RequestStrategy.Count,
    maxMessages: size + 1,
    maxWait: REQUEST_TIMEOUT_MS,
  });
  const messages: StreamMessage[] = [];
  for await (const answer of answers) {
    const code = answer.headers?.code;
    if (code === NOT_FOUND) return { messages, pending: 0 };
    const message = code === END_OF_BATCH ? undefined : directMessage(answer);
    if (code !== END_OF_BATCH && message === undefined) {
      if (messages.length > 0) return { messages, pending: 1 };
      // The server names it in the headers, so these cannot be read: see `readable-headers.ts`.
      throw new DamageSuspected({ stream, subject, reason: "altered" });
    }
    refuseGap(messages.at(-1), answer);
    if (message === undefined) return { messages, pending: Number(answer.headers?.get("Nats-Num-Pending")) };
    messages.push(message);
  }
  throw new LogUnavailable("a page of events was cut short");
}

/** Answers are plain messages: a reconnect in the middle may lose some, which each answer's predecessor shows. */
function refuseGap(previous: StreamMessage | undefined, answer: Msg): void {
  if (Number(serverHeader(answer.headers, "Nats-Last-Sequence")) !== (previous?.sequence ?? 0))
    throw new LogUnavailable("an event got lost on the way");
}
