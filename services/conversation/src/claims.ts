import { LRUCache } from "lru-cache";
import type { Presence } from "./presence.ts";

/**
 * Which turns are surely still this worker's. A process that was stopped or cut off for longer than its presence lasts
 * does not know whether another has taken its turns over, and must not send before it has asked the log.
 */
export interface Claims {
  /** To be told before a claim is written. */
  claiming(turnId: string): void;
  isCertain(turnId: string): boolean;
  /** Whether a claim made now would be certain. */
  canClaim(): boolean;
}

const CLAIMS_KEPT = 10_000;

export function claims({ tenure }: Pick<Presence, "tenure">): Claims {
  const under = new LRUCache<string, number>({ max: CLAIMS_KEPT });
  return {
    claiming(turnId) {
      const now = tenure();
      if (now === undefined) under.delete(turnId);
      else under.set(turnId, now);
    },
    isCertain(turnId) {
      const now = tenure();
      return now !== undefined && under.get(turnId) === now;
    },
    canClaim: () => tenure() !== undefined,
  };
}
