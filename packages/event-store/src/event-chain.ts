import { createHash } from "node:crypto";
import type { MsgHdrs } from "nats";

/** What the chain is made of and verified by; of an event written before there was a chain, version and hash are absent. */
export interface ChainedEvent {
  readonly subject: string;
  /** Position in the stream. */
  readonly sequence: number;
  readonly id: string;
  /** The CloudEvents type, such as "botfactory.events.v1.BotCreated". */
  readonly type: string;
  readonly data: Uint8Array;
  readonly version: number | undefined;
  readonly hash: string | undefined;
}

/** Where a subject's chain has come to. */
export interface ChainLink {
  /** Of the last event in the stream (0: no event yet). */
  readonly sequence: number;
  /** How many events the subject has; undefined while that is not known, after a start in the middle of old events. */
  readonly version: number | undefined;
  readonly hash: string;
  /** False as long as all events were written before there was a chain. */
  readonly chained: boolean;
}

/** Why an event does not fit to the one before it. */
export type ChainBreak =
  /** Its version is not the next one: events in between are gone. */
  | "missing"
  /** Its hash is not of these bytes after that event. */
  | "altered"
  /** It carries neither version nor hash, though an event before it did. */
  | "unchained";

/** The subject before its first event. */
export const CHAIN_START: ChainLink = { sequence: 0, version: 0, hash: "", chained: false };

const VERSION = "ce-version";
const HASH = "ce-hash";

/**
 * The hash that binds an event to all events of its subject before it: SHA-256, in base64url without padding (43
 * characters), over the UTF-8 bytes of `<hash of the event before>\n<subject>\n<version>\n<event id>\n<type>\n` and then
 * the event's protobuf bytes as they lie in the log. The first event has "" before it; the version is decimal, from 1.
 * None of the texts can hold a line feed. An event from before there was a chain counts as one with "" before it and
 * version 0. The log's own time and the other headers are not covered.
 */
export function chainHash(
  previous: string,
  version: number,
  { subject, id, type, data }: Pick<ChainedEvent, "subject" | "id" | "type" | "data">,
): string {
  return createHash("sha256")
    .update(`${previous}\n${subject}\n${version}\n${id}\n${type}\n`)
    .update(data)
    .digest("base64url");
}

/** The headers that put an event behind `link`, whose version must be known. */
export function chainHeaders(
  { hash: previous, version }: ChainLink,
  event: Pick<ChainedEvent, "subject" | "id" | "type" | "data">,
): Record<typeof VERSION | typeof HASH, string> {
  const next = (version ?? 0) + 1;
  return { [VERSION]: String(next), [HASH]: chainHash(previous, next, event) };
}

/** The chain with one event more, or how it breaks there. */
export function follow(link: ChainLink, event: ChainedEvent): ChainLink | ChainBreak {
  const { sequence, version, hash } = event;
  const next = link.version === undefined ? undefined : link.version + 1;
  if (version === undefined || hash === undefined) {
    if (link.chained) return "unchained";
    return { sequence, version: next, hash: chainHash("", 0, event), chained: false };
  }
  if (next !== undefined && version !== next) return "missing";
  // The one that was computed is kept: the one that was read would keep all headers of its message in memory.
  const computed = chainHash(link.hash, version, event);
  if (hash !== computed) return "altered";
  return { sequence, version, hash: computed, chained: true };
}

/** The chain at an event in the middle, which is believed without those before it. */
export function linkAt(event: ChainedEvent): ChainLink {
  const { sequence, version, hash } = event;
  if (version === undefined || hash === undefined)
    return { sequence, version: undefined, hash: chainHash("", 0, event), chained: false };
  return { sequence, version, hash, chained: true };
}

/** A message of the log as the chain sees it. */
export function chainedEvent(
  { subject, sequence, data }: Pick<ChainedEvent, "subject" | "sequence" | "data">,
  headers: Pick<MsgHdrs, "get"> | undefined,
): ChainedEvent {
  const version = Number(headers?.get(VERSION));
  return {
    subject,
    sequence,
    data,
    id: headers?.get("ce-id") ?? "",
    type: headers?.get("ce-type") ?? "",
    version: version > 0 ? version : undefined,
    hash: headers?.get(HASH) || undefined,
  };
}
