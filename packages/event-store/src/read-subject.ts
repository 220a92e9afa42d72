import { type Msg, type MsgHdrs, type NatsConnection, RequestStrategy } from "nats";
import { DamageSuspected } from "./log-damaged.ts";
import { LogUnavailable, REQUEST_TIMEOUT_MS } from "./log-unavailable.ts";

const PAGE = 1000;
const END_OF_BATCH = 204;
const NOT_FOUND = 404;

interface Page {
  readonly messages: readonly Msg[];
  readonly pending: number;
}

export interface SubjectRange {
  readonly from: number;
  readonly to: number;
  /** Read no further page once so many are there. */
  readonly atMost?: number;
}

/**
 * The messages of a subject from one sequence up to another, by batched direct gets (ADR-31 of the NATS architecture:
 * one request, many answers, closed by a 204). Any replica may answer: one that lags behind looks like one that has lost
 * events, and the caller asks again.
 */
export async function readSubject(
  nats: NatsConnection,
  at: { readonly stream: string; readonly subject: string },
  range: SubjectRange,
): Promise<Msg[]> {
  const { from, to, atMost = Number.POSITIVE_INFINITY } = range;
  const found: Msg[] = [];
  for (let next = from; next <= to && found.length < atMost; ) {
    const { messages, pending } = await readPage(nats, at, { from: next, size: PAGE });
    found.push(...messages);
    const last = found.at(-1);
    next = last === undefined ? next : sequenceOf(last) + 1;
    if ((pending === 0 || messages.length === 0) && next <= to) {
      // Believed to be missing when it stays so.
      throw new DamageSuspected({ ...at, reason: "missing", sequence: next });
    }
  }
  return found;
}

/** One message of a subject, whoever of the stream's copies it came from. */
export interface SubjectMessage {
  /** Position in the stream. */
  readonly sequence: number;
  readonly data: Uint8Array;
  readonly headers: MsgHdrs | undefined;
}

/**
 * The next messages of a subject from a sequence on, `atMost` of them, by one request. Any copy may answer; one that lags
 * behind does not have the last ones yet. Throws `LogUnavailable`, also where a copy knows of more than it can read.
 */
export async function nextMessages(
  nats: NatsConnection,
  at: { readonly stream: string; readonly subject: string },
  { from, atMost }: { readonly from: number; readonly atMost: number },
): Promise<readonly SubjectMessage[]> {
  const { messages, pending } = await readPage(nats, at, { from, size: atMost });
  if (messages.length < atMost && pending > 0) throw new DamageSuspected({ ...at, reason: "missing", sequence: from });
  return messages.map((message) => ({ sequence: sequenceOf(message), data: message.data, headers: message.headers }));
}

/** The stream sequence of a message that came by direct get. */
export function sequenceOf(message: Msg): number {
  return Number(message.headers?.get("Nats-Sequence"));
}

async function readPage(
  nats: NatsConnection,
  { stream, subject }: { readonly stream: string; readonly subject: string },
  { from, size }: { readonly from: number; readonly size: number },
): Promise<Page> {
  const request = JSON.stringify({ seq: from, next_by_subj: subject, batch: size });
  const answers = await nats.requestMany(`$JS.API.DIRECT.GET.${stream}`, request, {
    strategy: RequestStrategy.SentinelMsg,
    maxWait: REQUEST_TIMEOUT_MS,
  });
  const messages: Msg[] = [];
  for await (const answer of answers) {
    const code = answer.headers?.code;
    if (code === NOT_FOUND) return { messages, pending: 0 };
    if (code !== END_OF_BATCH && !(sequenceOf(answer) > 0)) {
      // The server names it in the headers, so these cannot be read: see `readable-headers.ts`.
      throw new DamageSuspected({ stream, subject, reason: "altered" });
    }
    refuseGap(messages.at(-1), answer);
    if (code === END_OF_BATCH) return { messages, pending: Number(answer.headers?.get("Nats-Num-Pending")) };
    messages.push(answer);
  }
  throw new LogUnavailable("a page of events was cut short");
}

/** Answers are plain messages: a reconnect in the middle may lose some, which each answer's predecessor shows. */
function refuseGap(previous: Msg | undefined, answer: Msg): void {
  const expected = previous === undefined ? 0 : sequenceOf(previous);
  if (Number(answer.headers?.get("Nats-Last-Sequence")) !== expected)
    throw new LogUnavailable("an event got lost on the way");
}
