import { storedMessage } from "@botfactory/event-store";
import type { JetStreamManager } from "nats";
import { about, type Quarantined, STREAM } from "./quarantined.ts";

/** Which messages: the `last` newest of `count` whose subjects fit, between two places of the stream. */
export interface Newest {
  readonly pattern: string;
  /** Only this bot's; the pattern says so, too. */
  readonly botId?: string;
  readonly count: number;
  readonly first: number;
  readonly end: number;
  readonly last: number;
}

const SIDE_BY_SIDE = 20;

/**
 * Looks from the end, where the newest are. Where that is not worth it (many were purged, or are others'), asks from the
 * beginning for one after another, as often as there are messages. Without pages: those may be anybody's, and the auditor
 * reads single messages of this stream; without a consumer, which no shipped user may make.
 */
export async function newest(manager: JetStreamManager, wish: Newest): Promise<readonly Quarantined[]> {
  return (wish.count > wish.last ? await fromEnd(manager, wish) : undefined) ?? (await fromFirst(manager, wish));
}

/** Undefined where so many places were looked at in vain that asking from the beginning is shorter. */
async function fromEnd(manager: JetStreamManager, { botId, count, first, end, last }: Newest) {
  const found: Quarantined[] = [];
  for (let to = end; to >= first && found.length < last; to -= SIDE_BY_SIDE) {
    if (end - to > count) return undefined;
    const places = Array.from({ length: Math.min(SIDE_BY_SIDE, to - first + 1) }, (_, back) => to - back);
    const stored = await Promise.all(places.map((seq) => storedMessage(manager, STREAM, { seq })));
    const there = stored.flatMap((message) => (message === undefined ? [] : [about(message)]));
    found.push(...there.filter((message) => botId === undefined || message.botId === botId));
  }
  return found.slice(0, last).reverse();
}

async function fromFirst(manager: JetStreamManager, { pattern, first, end, last }: Newest) {
  const ring: Quarantined[] = [];
  for (let from = first; from <= end; ) {
    const found = await storedMessage(manager, STREAM, { seq: from, next_by_subj: pattern });
    if (found === undefined) break;
    ring.push(about(found));
    if (ring.length > last) ring.shift();
    from = found.seq + 1;
  }
  return ring;
}
