import { setTimeout as pause } from "node:timers/promises";

/** From now on so many a second: waits until it is the nth one's turn. One that is late does not wait. */
export function pace(aSecond: number): (nth: number) => Promise<void> {
  const begun = performance.now();
  return async (nth) => {
    const wait = begun + (nth * 1_000) / aSecond - performance.now();
    if (wait > 0) await pause(wait);
  };
}
