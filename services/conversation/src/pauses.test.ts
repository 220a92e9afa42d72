import { beforeEach, describe, expect, it } from "@jest/globals";
import { type Pauses, pauses } from "./pauses.ts";

let now: number;
let paused: Pauses;
beforeEach(() => {
  now = 1_000;
  paused = pauses(() => now);
});

describe("a bot that was told to wait", () => {
  it("may speak when the time is over, and others at once", () => {
    paused.begin("slow", 5_000);
    expect([paused.left("slow"), paused.left("other")]).toEqual([5_000, 0]);
    now += 5_000;
    expect(paused.left("slow")).toBe(0);
  });

  it("waits as long as it was told last", () => {
    paused.begin("slow", 5_000);
    paused.begin("slow", 9_000);
    expect(paused.left("slow")).toBe(9_000);
  });

  it("is forgotten when its time is over, though it never speaks again", () => {
    for (let bot = 0; bot < 100; bot++) {
      paused.begin(`bot${bot}`, 2_000);
      now += 1_000;
    }
    expect(paused.size).toBe(2);
  });
});
