const LOOK_EVERY_MS = 50;

/** Resolves with the first value that is there, as drivers say it (null is none); fails with what was awaited after 20 seconds. For what sends no event. */
export async function until<T>(
  awaited: string,
  look: () => Promise<T | undefined | null | false>,
  withinMs = 20_000,
): Promise<T> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== null && found !== false) return found;
    if (Date.now() > deadline) throw new Error(`not within ${withinMs / 1_000} s: ${awaited}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
