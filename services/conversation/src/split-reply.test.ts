import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { splitReply } from "./split-reply.ts";

const words = fc.array(
  fc.oneof(fc.string({ unit: "binary", maxLength: 60 }), fc.constantFrom("\n", "\n\n", " ", "\t")),
  {
    maxLength: 60,
  },
);
const reply = words.map((parts) => parts.join(""));
const longest = fc.integer({ min: 2, max: 80 });
const whatIsSeen = (text: string) => text.replace(/[\s\p{Cc}\p{Cf}\u2800]|\u030a|\u0333|\u033f/gu, "");

describe("a long reply", () => {
  it("is sent whole, in parts Telegram takes, of which none is empty or cuts a character in two", () => {
    fc.assert(
      fc.property(reply, longest, (text, limit) => {
        const parts = splitReply(text, limit);
        expect(whatIsSeen(parts.join(""))).toBe(whatIsSeen(text));
        for (const part of parts) {
          expect(part.length).toBeLessThanOrEqual(limit);
          expect(part.trim()).not.toBe("");
          expect(part).not.toMatch(/\p{Surrogate}/u);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it("keeps every space that is not at a cut", () => {
    fc.assert(
      fc.property(reply, longest, (text, limit) => {
        let at = 0;
        for (const part of splitReply(text, limit)) {
          at = text.indexOf(part, at);
          expect(at).toBeGreaterThanOrEqual(0);
          at += part.length;
        }
      }),
    );
  });

  it("is cut at a paragraph, else at a line, else at a word, else in the middle of one", () => {
    expect(splitReply("one two\n\nthree", 10)).toEqual(["one two", "three"]);
    expect(splitReply("one two\nthree", 10)).toEqual(["one two", "three"]);
    expect(splitReply("one two three", 10)).toEqual(["one two", "three"]);
    expect(splitReply("abcdefghijkl", 10)).toEqual(["abcdefghij", "kl"]);
    expect(splitReply("aaa😀", 4)).toEqual(["aaa", "😀"]);
  });

  it("is one part when it fits into Telegram's 4,096 units, and none when there is nothing to read", () => {
    expect(splitReply("x".repeat(4_096))).toHaveLength(1);
    expect(splitReply("x".repeat(4_097))).toHaveLength(2);
    expect(splitReply(" \n ")).toEqual([]);
  });
});
