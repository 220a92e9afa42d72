import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { fairOrder } from "./fair-order.ts";

const everybody = () => true;
const owners = ["ada", "bob", "cyd", "dan"];
const bots = ["1", "2", "3"];
const belongs = fc.record({ owner: fc.constantFrom(...owners), botId: fc.constantFrom(...bots) });
const arrivals = fc.array(belongs, { maxLength: 60 });

/** An order with these arrivals, each an item that says whose it is and when it came. */
function orderOf(of: readonly { owner: string; botId: string }[]) {
  const order = fairOrder<{ owner: string; botId: string; number: number }>();
  of.forEach((one, number) => {
    order.add(one, { ...one, number });
  });
  const rest = () => {
    const taken = [];
    for (let item = order.take(everybody); item !== undefined; item = order.take(everybody)) taken.push(item);
    return taken;
  };
  return { ...order, rest };
}

describe("what waits in a fair order", () => {
  it("is taken once each, a bot's own as it came", () => {
    fc.assert(
      fc.property(arrivals, (all) => {
        const taken = orderOf(all).rest();
        expect(taken.map(({ number }) => number).sort((a, b) => a - b)).toEqual(all.map((_, number) => number));
        for (const owner of owners)
          for (const botId of bots) {
            const own = taken.filter((item) => item.owner === owner && item.botId === botId);
            expect(own).toEqual([...own].sort((a, b) => a.number - b.number));
          }
      }),
    );
  });

  it("never makes an owner wait longer than one item of each other owner, whatever they bring meanwhile", () => {
    fc.assert(
      fc.property(arrivals, fc.array(arrivals, { maxLength: 8 }), (before, meanwhile) => {
        const order = orderOf(before);
        order.add({ owner: "eve", botId: "1" }, { owner: "eve", botId: "1", number: -1 });
        const ahead = [];
        for (let item = order.take(everybody); item?.owner !== "eve"; item = order.take(everybody)) {
          ahead.push(item?.owner);
          for (const one of meanwhile.shift() ?? []) order.add(one, { ...one, number: -2 });
        }
        expect(new Set(ahead).size).toBe(ahead.length);
      }),
    );
  });

  it("gives a bot its turn after at most one item of each other bot of its owner", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...bots), { maxLength: 60 }), (before) => {
        const order = orderOf(before.map((botId) => ({ owner: "ada", botId })));
        order.add({ owner: "ada", botId: "quiet" }, { owner: "ada", botId: "quiet", number: -1 });
        const ahead = order.rest().map(({ botId }) => botId);
        const before4 = ahead.slice(0, ahead.indexOf("quiet"));
        expect(new Set(before4).size).toBe(before4.length);
      }),
    );
  });

  it("passes over owners that may not go, and they keep their turn", () => {
    const order = orderOf([
      { owner: "ada", botId: "1" },
      { owner: "bob", botId: "1" },
      { owner: "cyd", botId: "1" },
    ]);
    expect(order.take((owner) => owner !== "ada")?.owner).toBe("bob");
    expect(order.take(() => false)).toBeUndefined();
    expect(order.rest().map(({ owner }) => owner)).toEqual(["ada", "cyd"]);
    expect(order.isEmpty()).toBe(true);
  });
});
