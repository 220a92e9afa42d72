import { describe, expect, it } from "@jest/globals";
import { type PendingSignIn, takePending, withPending } from "./pending-sign-in.ts";

const pending = (state: string, startedAtUnixMs = 0): PendingSignIn => ({
  state,
  nonce: "n",
  codeVerifier: "v",
  returnTo: "/",
  startedAtUnixMs,
});

describe("a sign-in under way", () => {
  it("is found by its state beside those of other tabs", () => {
    const { taken, left } = takePending([pending("a"), pending("b")], "b", 1);
    expect([taken?.state, left.map(({ state }) => state)]).toEqual(["b", ["a"]]);
  });
  it("is found once only", () => {
    const { left } = takePending([pending("a")], "a", 1);
    expect(takePending(left, "a", 2).taken).toBeUndefined();
  });
  it.each(["other", undefined, "", ["a"]])("is not found by the state %j", (state) => {
    expect(takePending([pending("a")], state, 1).taken).toBeUndefined();
  });
  it("is forgotten after a quarter of an hour", () => {
    expect(takePending([pending("a", 0)], "a", 15 * 60_000).taken).toBeUndefined();
  });
  it("pushes out the oldest when there are more than five", () => {
    const all = ["a", "b", "c", "d", "e", "f"].reduce<readonly PendingSignIn[]>(
      (before, state) => withPending(before, pending(state)),
      [],
    );
    expect(all.map(({ state }) => state)).toEqual(["b", "c", "d", "e", "f"]);
  });
});
