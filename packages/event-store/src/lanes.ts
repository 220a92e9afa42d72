/** Runs tasks of one key in order and tasks of different keys side by side, within this process. */
export function lanes() {
  const tails = new Map<string, Promise<unknown>>();
  return async function inLane<Result>(key: string, task: () => Promise<Result>): Promise<Result> {
    const mine = (tails.get(key) ?? Promise.resolve()).then(task, task);
    tails.set(key, mine);
    try {
      return await mine;
    } finally {
      if (tails.get(key) === mine) tails.delete(key);
    }
  };
}
