import type { JetStreamManager, NatsConnection, StoredMsg } from "nats";
import type { ChainHeads } from "./chain-heads.ts";
import { CHAIN_START, type ChainedEvent, type ChainLink, follow, linkAt } from "./event-chain.ts";
import type { ReadFrom } from "./event-store.ts";
import { type Damage, DamageSuspected } from "./log-damaged.ts";
import { countOf, storedMessage } from "./log-state.ts";
import { readSubject } from "./read-subject.ts";
import { chainedMessage } from "./recorded-message.ts";
import { leadersMessage, type StreamMessage } from "./stream-message.ts";

export interface ChainedLog {
  readonly nats: NatsConnection;
  readonly manager: JetStreamManager;
  readonly stream: string;
  readonly heads: ChainHeads;
}

/** An event whose place in the chain has been checked. */
export interface VerifiedEvent extends ChainedEvent {
  readonly time: Date;
}

/** What is read in one go: more than any aggregate but a very long chat has. */
export const EVENTS_AT_ONCE = 2_000;

/**
 * The subject's events after a sequence, at least the next 2,000, every one of them in its place in the chain, and none
 * missing at the end. Throws `DamageSuspected`: what looks like damage may be a replica that lags.
 */
export async function readChain(
  log: ChainedLog,
  subject: string,
  { after, upTo }: Required<ReadFrom>,
): Promise<VerifiedEvent[]> {
  const known = log.heads.at(subject, after);
  if (known === undefined) return readUnknown(log, subject, after);
  return upTo > after ? readNews(log, known, { subject, to: upTo }) : readOn(log, subject, known);
}

/** Only the end is asked for when nothing is new. */
async function readOn(log: ChainedLog, subject: string, known: ChainLink): Promise<VerifiedEvent[]> {
  const { manager, stream, heads } = log;
  // In this order: an append of this process that is under way is no sign of a shorter log.
  const seen = heads.lastOf(subject);
  const last = await storedMessage(manager, stream, { last_by_subj: subject });
  if (last === undefined || last.seq < seen) throw suspected(log, subject, { reason: "rolled-back", ...known });
  if (last.seq > known.sequence) return readNews(log, known, { subject, to: last.seq });
  if (linkAt(chained(last)).hash !== known.hash) throw suspected(log, subject, { reason: "replaced", ...known });
  return [];
}

async function readNews(
  log: ChainedLog,
  known: ChainLink,
  { subject, to }: { readonly subject: string; readonly to: number },
): Promise<VerifiedEvent[]> {
  const events = (await range(log, subject, { from: known.sequence + 1, to })).map(verified);
  log.heads.note(subject, walk(log, known, events));
  return events;
}

/**
 * Read for the first time by this process: the number of events the stream's index has for the subject tells whether the
 * end is there. (A server that cannot read a subject's last event answers as if there were none.)
 */
async function readUnknown(log: ChainedLog, subject: string, after: number): Promise<VerifiedEvent[]> {
  const { manager, stream, heads } = log;
  // In this order: what others append in between only makes the subject longer than the count.
  const count = await countOf(manager, stream, subject);
  const end = (await storedMessage(manager, stream, { last_by_subj: subject }))?.seq ?? 0;
  if (end < after) throw suspected(log, subject, { reason: "rolled-back", sequence: after });
  const all = (await range(log, subject, { from: Math.max(after, 1), to: end })).map(verified);
  const start = after === 0 ? CHAIN_START : await startingAt(log, all[0], { subject, after });
  const events = all.filter(({ sequence }) => sequence > start.sequence);
  const head = walk(log, start, events);
  const isWhole = (all.at(-1)?.sequence ?? 0) >= end;
  if (isWhole && head.version !== undefined && head.version < count)
    throw suspected(log, subject, { reason: "missing", version: head.version + 1 });
  heads.note(subject, head);
  return all.filter(({ sequence }) => sequence > after);
}

/** The chain in the middle: at the event with the sequence, or at the first one after it if the sequence is no event's. */
async function startingAt(
  log: ChainedLog,
  first: VerifiedEvent | undefined,
  { subject, after }: { readonly subject: string; readonly after: number },
): Promise<ChainLink> {
  if (first === undefined) throw suspected(log, subject, { reason: "missing", sequence: after });
  if (first.sequence === after) return linkAt(first);
  const there = await storedMessage(log.manager, log.stream, { seq: after });
  if (there === undefined || there.subject === subject)
    throw suspected(log, subject, { reason: "missing", sequence: after });
  return linkAt(first);
}

function walk(log: ChainedLog, start: ChainLink, events: readonly ChainedEvent[]): ChainLink {
  let link = start;
  for (const event of events) {
    const next = follow(link, event);
    if (typeof next === "string") {
      const version = link.version === undefined ? event.version : link.version + 1;
      throw suspected(log, event.subject, { reason: next, version, sequence: event.sequence });
    }
    link = next;
  }
  return link;
}

function suspected(
  { stream }: ChainedLog,
  subject: string,
  { reason, version, sequence }: Omit<Damage, "stream">,
): DamageSuspected {
  return new DamageSuspected({ stream, subject, reason, version, sequence });
}

/** With one more than promised, as the event to start behind may be the first one. */
async function range(log: ChainedLog, subject: string, bounds: { from: number; to: number }): Promise<StreamMessage[]> {
  return readSubject(log.nats, { stream: log.stream, subject }, { ...bounds, atMost: 1 + EVENTS_AT_ONCE });
}

function verified(message: StreamMessage): VerifiedEvent {
  return { ...chainedMessage(message), time: message.time };
}

/** A message the stream's leader was asked for. */
export function chained(message: StoredMsg): ChainedEvent {
  return chainedMessage(leadersMessage(message));
}
