import type { JetStreamManager, NatsConnection } from "nats";
import type { Append, EventStore } from "./event-store.ts";
import { VersionConflict } from "./event-store.ts";
import { storedMessage } from "./log-state.ts";
import { askLog, LogUnavailable, REQUEST_TIMEOUT_MS } from "./log-unavailable.ts";
import { type Publication, publishBatch } from "./publish-batch.ts";
import { readSubject, sequenceOf } from "./read-subject.ts";
import { publishSpan } from "./spans.ts";
import { traceHeaders } from "./trace-context.ts";

/**
 * The event store on a JetStream stream made by `ensureStream`. Appends carry `Nats-Expected-Last-Subject-Sequence`;
 * several events go as one atomic batch; an acknowledgement that got lost is told from a real conflict by the event's id.
 */
export function jetStreamEventStore(nats: NatsConnection, { stream }: { readonly stream: string }): EventStore {
  const manager = nats.jetstreamManager({ checkAPI: false, timeout: REQUEST_TIMEOUT_MS });

  return {
    read: (subject, codec, afterSequence = 0) =>
      askLog(async () => {
        const last = await storedMessage(await manager, stream, { last_by_subj: subject });
        const messages = await readSubject(nats, { stream, subject }, { from: afterSequence + 1, to: last?.seq ?? 0 });
        return messages.map((message) => ({
          event: codec.decode(message.data),
          id: message.headers?.get("ce-id") ?? "",
          sequence: sequenceOf(message),
          subject,
          time: new Date(message.headers?.get("Nats-Time-Stamp") ?? ""),
        }));
      }),

    append: async (appends) => {
      const messages = appends.flatMap(publications);
      if (messages.length === 0) return appends.map(({ expectedSequence }) => expectedSequence);
      return publishSpan(stream, async () => {
        const traced = messages.map((message) => ({ ...message, headers: { ...message.headers, ...traceHeaders() } }));
        return askLog(async () => {
          const outcome = await publishBatch(nats, traced);
          if (outcome.kind === "stored") return revisions(appends, outcome.sequence - messages.length + 1);
          return revisions(appends, await firstStored({ manager: await manager, stream }, appends, outcome.inFlight));
        });
      });
    },
  };
}

interface Log {
  readonly manager: JetStreamManager;
  readonly stream: string;
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
function revisions(appends: readonly Append[], firstSequence: number): number[] {
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
async function firstStored(log: Log, appends: readonly Append[], inFlight: boolean): Promise<number> {
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
