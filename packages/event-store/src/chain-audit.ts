import type { AuditedEvent, Violation } from "./audited-aggregate.ts";
import { CHAIN_START, type ChainLink, follow, linkAt } from "./event-chain.ts";

export const HOLES = "stream sequences without holes";
export const VERSIONS = "versions of a subject without gaps";
export const HASHES = "hash chain";
export const IDS = "event ids are unique";
export const TOKENS = "no Telegram token in plain text";

/** What holds in every stream of events, whatever they say. */
export const CHAIN_INVARIANTS = [HOLES, VERSIONS, HASHES, IDS, TOKENS];

/** As Telegram makes them; the shortest seen has 35 characters after the colon. */
const TELEGRAM_TOKEN = /\d{6,}:[A-Za-z0-9_-]{30,}/;

/** Looks at the events of a stream in their order. The links and ids of all are kept until the end: some 200 bytes each. */
export function chainAudit() {
  const links = new Map<string, ChainLink>();
  const ids = new Set<string>();
  let position = 0;
  let isChained = false;
  let unchained = 0;

  function inChain(event: AuditedEvent): string | undefined {
    const next = follow(links.get(event.subject) ?? CHAIN_START, event);
    // After a break the chain is taken up again, so that one lost event is one finding.
    links.set(event.subject, typeof next === "string" ? linkAt(event) : next);
    if (typeof next === "string") return next;
    if (next.chained) isChained = true;
    else unchained += 1;
    return isChained && !next.chained ? "unchained" : undefined;
  }

  return {
    /** Events without version and hash, from before there was a chain. */
    unchained: () => unchained,
    see(event: AuditedEvent): Violation[] {
      const { subject, sequence, version, id, data } = event;
      const found: Violation[] = [];
      const add = (invariant: string, detail: string) => found.push({ invariant, detail, subject, sequence, version });
      if (sequence !== position + 1) add(HOLES, `${sequence - position - 1} message(s) before it are gone`);
      position = sequence;
      const broken = inChain(event);
      if (broken === "missing") add(VERSIONS, "events before it are gone");
      else if (broken !== undefined) add(HASHES, broken);
      if (ids.has(id)) add(IDS, id);
      ids.add(id);
      if (TELEGRAM_TOKEN.test(Buffer.from(data.buffer, data.byteOffset, data.length).toString("latin1")))
        add(TOKENS, "looks like a token");
      return found;
    },
    end(lastSequence: number): Violation[] {
      if (position >= lastSequence) return [];
      return [{ invariant: HOLES, detail: `nothing from ${position + 1} to ${lastSequence} can be read` }];
    },
  };
}
