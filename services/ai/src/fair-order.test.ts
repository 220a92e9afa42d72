import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { fairOrder } from "./fair-order.ts";

const ownerOf = (wish: string) => wish.slice(0, 1);

describe("wishes of several owners", () => {
  it("are served in turn, each owner's own as they came", () => {
    expect(fairOrder().sorted(["a1", "a2", "a3", "b1", "b2", "c1"], ownerOf)).toEqual([
      "a1",
      "b1",
      "c1",
      "a2",
      "b2",
      "a3",
    ]);
  });

  it("go on in turn when they are served one by one", () => {
    const order = fairOrder();
    let waiting = ["a1", "a2", "a3", "b1"];
    const served: string[] = [];
    while (waiting.length > 0) {
      const next = order.sorted(waiting, ownerOf)[0] ?? "";
      order.served(ownerOf(next));
      served.push(next);
      waiting = waiting.filter((wish) => wish !== next);
      if (served.length === 2) waiting.push("c1");
    }
    expect(served).toEqual(["a1", "b1", "c1", "a2", "a3"]);
  });

  it("are served so that who comes waits for one of each other owner at most, however many these have", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 60 }), fc.nat(30), (others, before) => {
        const order = fairOrder();
        let waiting = others.map((owner, index) => `${owner}${index}`);
        const serve = () => {
          const next = order.sorted(waiting, ownerOf)[0];
          if (next === undefined) return undefined;
          order.served(ownerOf(next));
          waiting = waiting.filter((wish) => wish !== next);
          return next;
        };
        for (let count = 0; count < before; count++) serve();
        waiting.push("q");
        let ahead = 0;
        while (serve() !== "q") ahead++;
        expect(ahead).toBeLessThanOrEqual(3);
      }),
    );
  });
});
