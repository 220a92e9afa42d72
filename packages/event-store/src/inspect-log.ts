import type { JetStreamManager } from "nats";
import { linkAt } from "./event-chain.ts";
import type { Damage } from "./log-damaged.ts";
import { storedMessage } from "./log-state.ts";
import type { KeptWatermark } from "./log-watermark-document.ts";
import { chained } from "./read-chain.ts";

/** An event that was the last one of a stream. */
export type Mark = Pick<KeptWatermark, "sequence" | "hash">;

/** Where a stream ends, and how many of its messages are gone. */
export interface LogEnd extends Mark {
  readonly missing: number;
}

/** Nothing is ever deleted from a stream of events, so messages that are not there are lost. */
export async function endOfLog(manager: JetStreamManager, stream: string): Promise<LogEnd> {
  const { last_seq: sequence, messages } = (await manager.streams.info(stream)).state;
  const last = sequence === 0 ? undefined : await storedMessage(manager, stream, { seq: sequence });
  return { sequence, hash: last === undefined ? "" : linkAt(chained(last)).hash, missing: sequence - messages };
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
  const found = await storedMessage(manager, stream, { seq: sequence });
  if (found === undefined) return { stream, reason: "missing", sequence };
  return linkAt(chained(found)).hash === mark.hash ? undefined : { stream, reason: "replaced", sequence };
}
