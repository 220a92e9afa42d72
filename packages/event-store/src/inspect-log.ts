import type { JetStreamManager } from "nats";
import { linkAt } from "./event-chain.ts";
import type { Damage } from "./log-damaged.ts";
import { storedMessage } from "./log-state.ts";
import type { KeptWatermark } from "./log-watermark-document.ts";
import { chained } from "./read-chain.ts";

// Accepted by an operator where nothing can be read, a mark says only how far the stream had come.
const UNREADABLE = "";

/** An event that was the last one of a stream; its hash is "" when it cannot be read. */
export type Mark = Pick<KeptWatermark, "sequence" | "hash">;

/** Where a stream ends, and how many of its messages are gone. */
export interface LogEnd extends Mark {
  readonly missing: number;
}

/** Nothing is ever deleted from a stream of events, so messages that are not there are lost. */
export async function endOfLog(manager: JetStreamManager, stream: string): Promise<LogEnd> {
  const { last_seq: sequence, messages } = (await manager.streams.info(stream)).state;
  const last = sequence === 0 ? undefined : await storedMessage(manager, stream, { seq: sequence });
  const hash = last === undefined ? UNREADABLE : linkAt(chained(last)).hash;
  return { sequence, hash, missing: sequence - messages };
}

/** Whether the stream's last event cannot be read and is at none of the marks. */
export function lostEnd({ sequence, hash }: Mark, marks: readonly Mark[]): boolean {
  return sequence > 0 && hash === UNREADABLE && !marks.some((mark) => mark.sequence === sequence);
}

/** What shows that the stream is not the one in which `mark` was; undefined when nothing does. */
export async function contradiction(
  manager: JetStreamManager,
  stream: string,
  { mark, end }: { readonly mark: Mark; readonly end: Mark },
): Promise<Damage | undefined> {
  const { sequence } = mark;
  if (sequence === 0) return undefined;
  if (end.sequence < sequence) return { stream, reason: "rolled-back", sequence };
  if (mark.hash === UNREADABLE) return undefined;
  const found = await storedMessage(manager, stream, { seq: sequence });
  if (found === undefined) return { stream, reason: "missing", sequence };
  return linkAt(chained(found)).hash === mark.hash ? undefined : { stream, reason: "replaced", sequence };
}
