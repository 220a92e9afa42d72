import { describe, expect, it } from "@jest/globals";
import { chainHeads } from "./chain-heads.ts";
import type { ChainLink } from "./event-chain.ts";

const link = (sequence: number): ChainLink => ({ sequence, version: sequence, hash: `h${sequence}`, chained: true });

describe("what a process knows of a subject's chain", () => {
  it("is where it saw it last, and where it stood before its own appends", () => {
    const heads = chainHeads();
    for (const sequence of [3, 5, 8]) heads.note("a", link(sequence));
    expect(heads.lastOf("a")).toBe(8);
    expect([3, 5, 8].map((sequence) => heads.at("a", sequence)?.hash)).toEqual(["h3", "h5", "h8"]);
    expect(heads.at("a", 4)).toBeUndefined();
    expect(heads.at("b", 3)).toBeUndefined();
  });

  it("does not go back", () => {
    const heads = chainHeads();
    heads.note("a", link(5));
    heads.note("a", link(3));
    expect(heads.lastOf("a")).toBe(5);
    expect(heads.at("a", 3)).toBeUndefined();
  });

  it("is nothing while the subject is empty, and not all of a long one", () => {
    const heads = chainHeads();
    heads.note("a", link(0));
    expect(heads.lastOf("a")).toBe(0);
    for (let sequence = 1; sequence <= 100; sequence += 1) heads.note("a", link(sequence));
    expect(heads.at("a", 100)).toBeDefined();
    expect(heads.at("a", 1)).toBeUndefined();
  });
});
