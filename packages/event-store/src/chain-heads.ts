import { LRUCache } from "lru-cache";
import type { ChainLink } from "./event-chain.ts";

/** Where this process knows the chains of subjects to be. */
export interface ChainHeads {
  /** The chain at a sequence of the subject, if this process saw it there lately. */
  at(subject: string, sequence: number): ChainLink | undefined;
  /** The sequence of the subject this process saw last; 0 when it saw none. */
  lastOf(subject: string): number;
  note(subject: string, link: ChainLink): void;
}

const SUBJECTS_KEPT = 10_000;
// Who appends goes on from where it read: the links before its own appends are asked for once more.
const LINKS_KEPT = 4;

export function chainHeads(): ChainHeads {
  const known = new LRUCache<string, readonly ChainLink[]>({ max: SUBJECTS_KEPT });
  const lastOf = (subject: string) => known.peek(subject)?.[0]?.sequence ?? 0;
  return {
    at: (subject, sequence) => known.get(subject)?.find((link) => link.sequence === sequence),
    lastOf,
    note: (subject, link) => {
      // Of an empty subject there is nothing to know: others may begin it.
      if (link.sequence <= lastOf(subject)) return;
      known.set(subject, [link, ...(known.peek(subject) ?? [])].slice(0, LINKS_KEPT));
    },
  };
}
