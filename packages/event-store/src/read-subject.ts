import type { NatsConnection } from "nats";
import { DamageSuspected } from "./log-damaged.ts";
import { type Readable, readPage } from "./read-page.ts";
import type { StreamMessage } from "./stream-message.ts";

const PAGE = 1000;

export interface SubjectRange {
  readonly from: number;
  readonly to: number;
  /** Read no further page once so many are there. */
  readonly atMost?: number;
}

/**
 * The messages of a subject from one sequence up to another. Any replica may answer: one that lags behind looks like one
 * that has lost events, and the caller asks again.
 */
export async function readSubject(nats: NatsConnection, at: Readable, range: SubjectRange): Promise<StreamMessage[]> {
  const { from, to, atMost = Number.POSITIVE_INFINITY } = range;
  const found: StreamMessage[] = [];
  for (let next = from; next <= to && found.length < atMost; ) {
    const { messages, pending } = await readPage(nats, at, { from: next, size: PAGE });
    found.push(...messages);
    const last = found.at(-1);
    next = last === undefined ? next : last.sequence + 1;
    if ((pending === 0 || messages.length === 0) && next <= to) {
      // Believed to be missing when it stays so.
      throw new DamageSuspected({ ...at, reason: "missing", sequence: next });
    }
  }
  return found;
}

/**
 * The next messages of a subject from a sequence on, `atMost` of them, by one request. Any copy may answer; one that lags
 * behind does not have the last ones yet. Throws `LogUnavailable`, also where a copy knows of more than it can read.
 */
export async function nextMessages(
  nats: NatsConnection,
  at: Readable,
  { from, atMost }: { readonly from: number; readonly atMost: number },
): Promise<readonly StreamMessage[]> {
  const { messages, pending } = await readPage(nats, at, { from, size: atMost });
  if (messages.length < atMost && pending > 0) throw new DamageSuspected({ ...at, reason: "missing", sequence: from });
  return messages;
}
