import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { isDeeperThan } from "./json-depth.ts";

const bytes = (text: string) => Buffer.from(text);

function depthOf(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

describe("the depth of JSON", () => {
  it("agrees with a parser on any JSON, brackets and escapes in strings included", () => {
    const nasty = fc.oneof(
      fc.json(),
      fc.array(fc.constantFrom('"[[{{', '\\"]', "\\\\", "}")).map((parts) => JSON.stringify(parts)),
    );
    fc.assert(
      fc.property(nasty, (json) => {
        const depth = depthOf(JSON.parse(json));
        return !isDeeperThan(bytes(json), depth) && (depth === 0 || isDeeperThan(bytes(json), depth - 1));
      }),
    );
  });

  it("is found out for 10 kB nested 5,000 deep, closed or not", () => {
    expect(isDeeperThan(bytes("[".repeat(5_000) + "]".repeat(5_000)), 64)).toBe(true);
    expect(isDeeperThan(bytes('{"a":'.repeat(2_000)), 64)).toBe(true);
  });

  it("never throws on bytes that are no JSON", () => {
    fc.assert(fc.property(fc.uint8Array(), (any) => typeof isDeeperThan(any, 3) === "boolean"));
  });
});
