import type { mongo } from "mongoose";
import type { NatsConnection } from "nats";
import type { AuditedAggregate, AuditedEvent, Violation } from "./audited-aggregate.ts";
import { DECODES } from "./audited-aggregate.ts";
import { CHAIN_INVARIANTS, chainAudit, HOLES } from "./chain-audit.ts";
import { contradiction } from "./inspect-log.ts";
import { keptWatermark } from "./log-watermark-document.ts";
import { chainedMessage } from "./recorded-message.ts";
import { type StreamEnd, streamEnd } from "./streams.ts";
import { wholeStream } from "./whole-stream.ts";

/** A stream of events and what is known of its aggregates. */
export interface AuditedStream {
  readonly stream: string;
  /** By the first token of the subject. */
  readonly aggregates: Readonly<Record<string, AuditedAggregate>>;
  /** Invariants over several aggregates, looked at when everything has been read. */
  readonly atEnd?: Readonly<Record<string, () => readonly Omit<Violation, "invariant">[]>>;
}

export interface AuditOptions {
  /** How far to read; as far as it goes now when left out. Who compares streams takes the end of what refers first. */
  readonly end?: StreamEnd | undefined;
  /** Where the watermarks are; left out, the log is compared with nothing outside of it. */
  readonly database?: mongo.Db;
  readonly onProgress?: (events: number) => void;
}

/** What was found in one stream. */
export interface StreamAudit {
  readonly stream: string;
  readonly events: number;
  readonly subjects: number;
  /** Events from before there was a chain. */
  readonly unchained: number;
  readonly seconds: number;
  readonly invariants: readonly InvariantFound[];
}

export interface InvariantFound {
  readonly name: string;
  readonly violations: number;
  /** The first ones. */
  readonly places: readonly Violation[];
}

const PLACES_KEPT = 20;
const PROGRESS_EVERY = 10_000;
const WATERMARK = "the log holds its watermark";
const IS_THERE = "the stream is there";

/** Reads a whole stream and checks every invariant. A stream that is not there is one broken invariant. */
export async function auditStream(
  nats: NatsConnection,
  audited: AuditedStream,
  options: AuditOptions = {},
): Promise<StreamAudit> {
  const { stream, aggregates, atEnd = {} } = audited;
  const begun = performance.now();
  const end = options.end ?? (await streamEnd(nats, stream));
  if (end === undefined) return notThere(stream);
  const findings = findingsOf([
    IS_THERE,
    ...CHAIN_INVARIANTS,
    ...Object.values(aggregates).flatMap(({ invariants }) => invariants),
    ...Object.keys(atEnd),
    ...(options.database ? [WATERMARK] : []),
  ]);
  const chain = chainAudit();
  const subjects = new Set<string>();
  let events = 0;
  for await (const event of eventsOf(nats, stream, end.last)) {
    findings.add(chain.see(event));
    findings.add(seenBy(aggregates, event));
    subjects.add(event.subject);
    if (++events % PROGRESS_EVERY === 0) options.onProgress?.(events);
  }
  findings.add(chain.end(end.last));
  if (end.messages !== end.last)
    findings.add([{ invariant: HOLES, detail: `the stream has ${end.messages} of ${end.last}` }]);
  for (const [invariant, look] of Object.entries(atEnd)) findings.add(look().map((found) => ({ invariant, ...found })));
  if (options.database) findings.add(await againstWatermark(nats, stream, options.database));
  const seconds = (performance.now() - begun) / 1_000;
  return { stream, events, subjects: subjects.size, unchained: chain.unchained(), seconds, invariants: findings.all() };
}

function notThere(stream: string): StreamAudit {
  const findings = findingsOf([IS_THERE]);
  findings.add([{ invariant: IS_THERE, detail: `there is no stream ${stream}: it was deleted, or never declared` }]);
  return { stream, events: 0, subjects: 0, unchained: 0, seconds: 0, invariants: findings.all() };
}

async function* eventsOf(nats: NatsConnection, stream: string, last: number): AsyncIterable<AuditedEvent> {
  for await (const message of wholeStream(nats, { stream, last })) {
    yield { ...chainedMessage(message), time: message.time };
  }
}

function seenBy(aggregates: AuditedStream["aggregates"], event: AuditedEvent): readonly Violation[] {
  const { subject, version, sequence } = event;
  const aggregate = aggregates[subject.split(".")[0] ?? ""];
  const found = aggregate?.see(event) ?? [{ invariant: DECODES, detail: "no service knows such a subject" }];
  return found.map((one) => ({ ...one, subject, version, sequence }));
}

async function againstWatermark(nats: NatsConnection, stream: string, database: mongo.Db): Promise<Violation[]> {
  const mark = await keptWatermark(database, stream).find();
  if (mark === null) return [];
  const manager = await nats.jetstreamManager({ checkAPI: false });
  const end = { sequence: (await manager.streams.info(stream)).state.last_seq, hash: "" };
  const damage = await contradiction(manager, stream, { mark, end });
  return damage === undefined ? [] : [{ invariant: WATERMARK, detail: damage.reason, sequence: mark.sequence }];
}

function findingsOf(names: readonly string[]) {
  const found = new Map<string, Violation[]>([...new Set(names)].map((name) => [name, []]));
  const counts = new Map<string, number>();
  return {
    add(violations: readonly Violation[]): void {
      for (const violation of violations) {
        const { invariant } = violation;
        counts.set(invariant, (counts.get(invariant) ?? 0) + 1);
        const places = found.get(invariant) ?? [];
        if (places.length < PLACES_KEPT) places.push(violation);
        found.set(invariant, places);
      }
    },
    all: (): InvariantFound[] =>
      [...found].map(([name, places]) => ({ name, violations: counts.get(name) ?? 0, places })),
  };
}
