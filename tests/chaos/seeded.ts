export type Random = ReturnType<typeof seeded>;

/** Random numbers that a seed repeats: mulberry32 (Tommy Ettinger), 32 bits of state, good enough to choose by. */
export function seeded(seed: number) {
  let state = seed >>> 0;
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
  /** From `least` up to, not with, `end`. */
  const between = (least: number, end: number) => least + next() * (end - least);
  return {
    next,
    between,
    whole: (end: number) => Math.floor(between(0, end)),
    isTrue: (probability: number) => next() < probability,
    one<T>(of: readonly T[]): T {
      const chosen = of[Math.floor(next() * of.length)];
      if (chosen === undefined) throw new RangeError("nothing to choose from");
      return chosen;
    },
  };
}
