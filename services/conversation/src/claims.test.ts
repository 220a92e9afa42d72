import { describe, expect, it } from "@jest/globals";
import { claims } from "./claims.ts";

describe("a claim", () => {
  const worker = () => {
    const state: { tenure: number | undefined } = { tenure: 1 };
    return { state, claims: claims({ tenure: () => state.tenure }) };
  };

  it("is certain while the worker has been there ever since", () => {
    const { claims } = worker();
    claims.claiming("t");
    expect(claims.isCertain("t")).toBe(true);
    expect(claims.isCertain("another")).toBe(false);
  });

  it("is certain no more once the worker may have counted as gone, and again when it was claimed anew", () => {
    const { state, claims } = worker();
    claims.claiming("t");
    state.tenure = undefined;
    expect(claims.isCertain("t")).toBe(false);
    state.tenure = 2;
    expect(claims.isCertain("t")).toBe(false);
    claims.claiming("t");
    expect(claims.isCertain("t")).toBe(true);
  });

  it("made while the worker may count as gone is not certain when it is back", () => {
    const { state, claims } = worker();
    state.tenure = undefined;
    expect(claims.canClaim()).toBe(false);
    claims.claiming("t");
    state.tenure = 1;
    expect(claims.isCertain("t")).toBe(false);
  });
});
