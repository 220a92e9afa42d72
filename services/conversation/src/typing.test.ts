import { describe, expect, it } from "@jest/globals";
import { typing } from "./typing.ts";

describe("typing", () => {
  it("is shown at once and again until it is stopped, and a failure of it harms nobody", async () => {
    let shown = 0;
    const third = new Promise<void>((resolve) => {
      const stop = typing(async () => {
        shown += 1;
        if (shown === 3) {
          stop();
          resolve();
        }
        throw new Error("Telegram is away");
      }, 5);
    });
    await third;
    expect(shown).toBe(3);
  });
});
