import { LRUCache } from "lru-cache";
import type { ChainLink } from "./event-chain.ts";

/** Where this process knows the chains of subjects to be. */
export interface ChainHeads {
  /** The chain at a sequence of the subject, if that is where this process last saw it. */
  at(subject: string, sequence: number): ChainLink | undefined;
  note(subject: string, link: ChainLink): void;
}

const SUBJECTS_KEPT = 10_000;

export function chainHeads(): ChainHeads {
  const heads = new LRUCache<string, ChainLink>({ max: SUBJECTS_KEPT });
  return {
    at: (subject, sequence) => {
      const head = heads.get(subject);
      return head?.sequence === sequence ? head : undefined;
    },
    note: (subject, link) => {
      // Of an empty subject there is nothing to know: others may begin it.
      if (link.sequence > 0 && link.sequence >= (heads.peek(subject)?.sequence ?? 0)) heads.set(subject, link);
    },
  };
}
