import { CHAIN_START, type ChainLink, chainHeaders, linkAt } from "./event-chain.ts";
import type { EncodedEvent } from "./event-codec.ts";
import { type Append, VersionConflict } from "./event-store.ts";
import { countOf, storedMessage } from "./log-state.ts";
import { type ChainedLog, chained } from "./read-chain.ts";

/** An append whose events carry their version and hash; `head` is the chain after them, its sequence not known yet. */
export interface ChainedAppend {
  readonly append: Append;
  readonly head: Omit<ChainLink, "sequence">;
}

/** Puts the events behind the one at the expected sequence. Throws `VersionConflict` when no event of the subject is there. */
export async function extendChain(log: ChainedLog, append: Append): Promise<ChainedAppend> {
  const start = append.events.length === 0 ? CHAIN_START : await linkBefore(log, append);
  return extended(start, append);
}

/** As `extendChain`, where the chain is known. */
export function extended(start: ChainLink, append: Append): ChainedAppend {
  let head: ChainLink = start;
  const events = append.events.map((event): EncodedEvent => {
    const { id, payload: data } = event;
    const headers = chainHeaders(head, { subject: append.subject, id, type: event.headers["ce-type"] ?? "", data });
    head = { sequence: 0, version: Number(headers["ce-version"]), hash: headers["ce-hash"], chained: true };
    return { ...event, headers: { ...event.headers, ...headers } };
  });
  return { append: { ...append, events }, head };
}

async function linkBefore(log: ChainedLog, append: Append): Promise<ChainLink> {
  const { subject, expectedSequence } = append;
  if (expectedSequence === 0) return CHAIN_START;
  const link = log.heads.at(subject, expectedSequence) ?? (await linkAtSequence(log, append));
  // Old events carry no version. If others append meanwhile, the count is wrong and so is the expectation.
  return link.version === undefined ? { ...link, version: await countOf(log.manager, log.stream, subject) } : link;
}

async function linkAtSequence({ manager, stream }: ChainedLog, append: Append): Promise<ChainLink> {
  const found = await storedMessage(manager, stream, { seq: append.expectedSequence });
  if (found?.subject !== append.subject) throw new VersionConflict(append);
  return linkAt(chained(found));
}
