import { describe, expect, it } from "@jest/globals";
import { lanes } from "./lanes.ts";

describe("lanes", () => {
  it("run the tasks of one key in order, whatever becomes of them, and other keys side by side", async () => {
    const inLane = lanes();
    const order: string[] = [];
    let open: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => {
      open = resolve;
    });
    const first = inLane("a", () =>
      gate.then(() => void order.push("a1")).then(() => Promise.reject(new Error("boom"))),
    );
    const second = inLane("a", async () => void order.push("a2"));
    await inLane("b", async () => void order.push("b1"));
    open();
    await expect(first).rejects.toThrow("boom");
    await second;
    expect(order).toEqual(["b1", "a1", "a2"]);
  });
});
