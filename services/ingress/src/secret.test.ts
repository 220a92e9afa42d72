import { createHash, randomBytes } from "node:crypto";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { isAcceptedSecret } from "./secret.ts";

const hashOf = (secret: string) => createHash("sha256").update(secret).digest();
const current = randomBytes(32).toString("base64url");
const former = randomBytes(32).toString("base64url");
const accepted = [hashOf(current), hashOf(former)];

describe("the secret header of a webhook", () => {
  it("opens with the current and, while both may arrive, with the former secret", () => {
    expect(isAcceptedSecret([current], accepted)).toBe(true);
    expect(isAcceptedSecret([former], accepted)).toBe(true);
  });

  it("stays shut when it is missing, empty, cut, longer, or of another case", () => {
    const wrong = [undefined, [], [""], [current.slice(1)], [`${current}a`], [` ${current}`], [current.toUpperCase()]];
    for (const sent of wrong) expect(isAcceptedSecret(sent, accepted)).toBe(false);
  });

  it("stays shut when it is sent twice, even if both are right", () => {
    expect(isAcceptedSecret([current, current], accepted)).toBe(false);
    expect(isAcceptedSecret([`${current}, ${current}`], accepted)).toBe(false);
  });

  it("stays shut for everything when no secret, or a broken hash, is registered", () => {
    expect(isAcceptedSecret([""], [])).toBe(false);
    expect(isAcceptedSecret([""], [new Uint8Array()])).toBe(false);
    expect(isAcceptedSecret([current], [hashOf(current).subarray(0, 31)])).toBe(false);
  });

  it("stays shut for any guess", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 300 }), (guess) => !isAcceptedSecret([guess], accepted)),
      { numRuns: 10_000 },
    );
  });
});
