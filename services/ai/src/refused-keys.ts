import { LRUCache } from "lru-cache";

/** Projects whose key Google refused lately; for a while they are not asked. */
export interface RefusedKeys {
  has(project: string, model: string): boolean;
  add(project: string, model: string): void;
}

// Long enough to cost few turns, short enough for an operator who watches what a mended key does.
const LEFT_ALONE_MS = 60_000;

/** Of this process only: which keys there are is its own configuration, and a new key comes with a new process. */
export function refusedKeys(leftAloneMs = LEFT_ALONE_MS): RefusedKeys {
  const refused = new LRUCache<string, true>({ max: 1_000, ttl: leftAloneMs });
  return {
    has: (project, model) => refused.has(`${project}/${model}`),
    add: (project, model) => void refused.set(`${project}/${model}`, true),
  };
}
