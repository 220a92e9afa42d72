import { setTimeout as pause } from "node:timers/promises";

/** Repeats an assertion until it holds; its own failure after ten seconds. */
export async function expectEventually(assertion: () => Promise<void>): Promise<void> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    try {
      return await assertion();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await pause(20);
    }
  }
}
