import { EventEmitter, once } from "node:events";

/** How far a projection is, and who waits for it. */
export function projectionProgress() {
  const moves = new EventEmitter().setMaxListeners(0);
  let [position, pending, waiters] = [0, 0, 0];

  return {
    pending: () => pending,
    move(sequence: number, more: number): void {
      [position, pending] = [sequence, more];
      moves.emit("moved");
    },
    /** Rejects when `signal` aborts first. */
    async until(sequence: number, signal: AbortSignal): Promise<void> {
      waiters += 1;
      moves.emit("awaited");
      try {
        while (position < sequence) await once(moves, "moved", { signal });
      } finally {
        waiters -= 1;
      }
    },
    /** Resolves after so long, or as soon as somebody waits. */
    async gather(ms: number): Promise<void> {
      if (waiters === 0) await once(moves, "awaited", { signal: AbortSignal.timeout(ms) }).catch(() => undefined);
    },
  };
}
