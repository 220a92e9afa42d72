import type { NatsConnection } from "nats";
import { chainHeads } from "./chain-heads.ts";
import type { EventCodec } from "./event-codec.ts";
import { UnknownEvent } from "./event-codec.ts";
import type { Append, EventStore, ReadFrom, Recorded } from "./event-store.ts";
import { VersionConflict } from "./event-store.ts";
import { extendChain } from "./extend-chain.ts";
import { LogDamaged, orDamaged } from "./log-damaged.ts";
import { storedMessage } from "./log-state.ts";
import { askLog, LogUnavailable, REQUEST_TIMEOUT_MS } from "./log-unavailable.ts";
import { type Publication, publishBatch } from "./publish-batch.ts";
import { type ChainedLog, EVENTS_AT_ONCE, readChain, type VerifiedEvent } from "./read-chain.ts";
import { publishSpan } from "./spans.ts";
import { traceHeaders } from "./trace-context.ts";

/** Where the events are. */
export interface JetStreamEventStoreOptions {
  readonly stream: string;
  /** Asked before every read and append; throws `LogDamaged` while the whole stream is not to be trusted. */
  readonly refuseDamage?: () => Promise<void> | void;
}

/**
 * The event store on a JetStream stream made by `ensureStream`. Appends carry `Nats-Expected-Last-Subject-Sequence`;
 * several events go as one atomic batch; an acknowledgement that got lost is told from a real conflict by the event's id.
 * Every append goes on with its subject's hash chain, every read follows it and throws `LogDamaged` where it breaks.
 */
export function jetStreamEventStore(
  nats: NatsConnection,
  { stream, refuseDamage = () => undefined }: JetStreamEventStoreOptions,
): EventStore {
  const manager = nats.jetstreamManager({ checkAPI: false, timeout: REQUEST_TIMEOUT_MS });
  const heads = chainHeads();
  const open = async (): Promise<ChainedLog> => ({ nats, manager: await manager, stream, heads });

  return {
    read: async <Event>(subject: string, codec: EventCodec<Event>, from: ReadFrom = {}) => {
      await refuseDamage();
      const read: Recorded<Event>[] = [];
      // The log's patience is for each go: a chat of years takes longer than anybody waits for one answer.
      for (let { after = 0, upTo = 0 } = from; ; ) {
        const events = await orDamaged(askLog(async () => readChain(await open(), subject, { after, upTo })));
        for (const event of events) read.push(recordedOf(stream, codec, event));
        if (events.length < EVENTS_AT_ONCE) return read;
        after = events.at(-1)?.sequence ?? after;
      }
    },

    append: async (appends) => {
      await refuseDamage();
      const chained = await askLog(async () => {
        const log = await open();
        return Promise.all(appends.map((append) => extendChain(log, append)));
      });
      const written = chained.map(({ append }) => append);
      const revisions = await publish(written);
      for (const [index, { append, head }] of chained.entries())
        if (append.events.length > 0) heads.note(append.subject, { ...head, sequence: revisions[index] ?? 0 });
      return revisions;
    },
  };

  async function publish(appends: readonly Append[]): Promise<number[]> {
    const messages = appends.flatMap(publications);
    if (messages.length === 0) return appends.map(({ expectedSequence }) => expectedSequence);
    return publishSpan(stream, async () => {
      const traced = messages.map((message) => ({ ...message, headers: { ...message.headers, ...traceHeaders() } }));
      return askLog(async () => {
        const outcome = await publishBatch(nats, traced);
        if (outcome.kind === "stored") return revisionsOf(appends, outcome.sequence - messages.length + 1);
        return revisionsOf(appends, await firstStored(await open(), appends, outcome.inFlight));
      });
    });
  }
}

function recordedOf<Event>(stream: string, codec: EventCodec<Event>, event: VerifiedEvent): Recorded<Event> {
  const { subject, sequence, id, time, version = 0, hash = "", data } = event;
  try {
    return { event: codec.decode(data), id, sequence, subject, time, version, hash };
  } catch (error) {
    if (error instanceof UnknownEvent) throw error;
    throw new LogDamaged({ stream, reason: "undecodable", subject, version, sequence }, error);
  }
}

/** Only a subject's first message in a batch may carry an expectation: the server refuses it on later ones. */
function publications({ subject, expectedSequence, events }: Append): Publication[] {
  return events.map(({ id, headers, payload }, index) => ({
    subject,
    payload,
    headers: {
      ...headers,
      "ce-subject": subject,
      "Nats-Msg-Id": id,
      ...(index === 0 ? { "Nats-Expected-Last-Subject-Sequence": String(expectedSequence) } : {}),
    },
  }));
}

/** A batch is stored without gaps, in its order. */
function revisionsOf(appends: readonly Append[], firstSequence: number): number[] {
  let next = firstSequence;
  return appends.map(({ events, expectedSequence }) => {
    next += events.length;
    return events.length === 0 ? expectedSequence : next - 1;
  });
}

/**
 * A refusal is a success when the event after the expected sequence is mine: then only the acknowledgement got lost
 * (one server checks the expectation before the message id, so a repeat of a stored append looks like a conflict).
 * Asked of the leader, and true however many events others have put after mine.
 */
async function firstStored(log: ChainedLog, appends: readonly Append[], inFlight: boolean): Promise<number> {
  for (const append of appends) {
    const [mine] = append.events;
    if (mine === undefined) continue;
    const found = await storedMessage(log.manager, log.stream, {
      seq: append.expectedSequence + 1,
      next_by_subj: append.subject,
    });
    if (found === undefined && inFlight) throw new LogUnavailable("an append to the subject is not settled");
    if (found?.header.get("Nats-Msg-Id") !== mine.id) throw new VersionConflict(append);
    return found.seq;
  }
  throw new RangeError("an append without events was refused");
}
