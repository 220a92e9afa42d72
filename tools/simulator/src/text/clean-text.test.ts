import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { cleanText } from "./clean-text.ts";

const bold = (offset: number, length: number) => ({ type: "bold", offset, length });

describe("a text with entities", () => {
  it("keeps entities that fit the text", () => {
    expect(cleanText("ab 😀 cd", [bold(3, 2)])).toEqual({ text: "ab 😀 cd", entities: [bold(3, 2)] });
  });

  it.each([
    ["begins inside a surrogate pair", bold(4, 2), "entity begins in a middle of a UTF-16 symbol at byte offset 7"],
    [
      "ends inside a surrogate pair",
      bold(0, 4),
      "entity beginning at UTF-16 offset 0 ends in a middle of a UTF-16 symbol at byte offset 7",
    ],
    [
      "ends after the text",
      bold(6, 9),
      "entity beginning at UTF-16 offset 6 ends after the end of the text at UTF-16 offset 15",
    ],
    ["begins after the text", bold(20, 1), "entity begins after the end of the text at UTF-16 offset 20"],
    ["has a negative offset", bold(-1, 1), "receive an entity with incorrect offset -1"],
    ["has a negative length", bold(0, -1), "receive an entity with incorrect length -1"],
  ])("is refused when one %s", (_case, entity, description) => {
    expect(() => cleanText("ab 😀 cd", [entity])).toThrow(`Bad Request: ${description}`);
  });

  it("drops empty entities instead of refusing them", () => {
    expect(cleanText("abc", [bold(99, 0)]).entities).toEqual([]);
  });

  it("moves entities along when control characters go", () => {
    const { text, entities } = cleanText("a\r\nb\u202ec", [bold(3, 3)]);
    expect([text, entities]).toEqual(["a\nbc", [bold(2, 2)]]);
  });

  it("is trimmed, and its entities with it", () => {
    expect(cleanText("  ab  ", [bold(2, 4)])).toEqual({ text: "ab", entities: [bold(0, 2)] });
  });

  it("does not trim what an entity covers at the beginning", () => {
    expect(cleanText("  ab", [bold(0, 4)])).toEqual({ text: "  ab", entities: [bold(0, 4)] });
  });

  it("never ends up with an entity outside of the text", () => {
    const entity = fc.record({ offset: fc.integer({ min: 0, max: 30 }), length: fc.integer({ min: 0, max: 30 }) });
    const anyText = fc.string({ unit: fc.constantFrom("a", " ", "\n", "\r", "😀", "\u0000", "ў"), maxLength: 20 });
    fc.assert(
      fc.property(anyText, fc.array(entity, { maxLength: 4 }), (text, ranges) => {
        const given = ranges.map(({ offset, length }) => bold(offset, length));
        const read = outcome(() => cleanText(text, given));
        for (const { offset, length } of read?.entities ?? []) {
          expect(offset).toBeGreaterThanOrEqual(0);
          expect(length).toBeGreaterThan(0);
          expect(offset + length).toBeLessThanOrEqual(read?.text.length ?? 0);
        }
      }),
    );
  });
});

describe("a text", () => {
  it.each(["", " \n ", "\u200b\u200d", "\r"])("of nothing visible (%j) is refused", (text) => {
    expect(() => cleanText(text, [])).toThrow("Bad Request: text must be non-empty");
  });

  it("with half a surrogate pair is refused", () => {
    expect(() => cleanText("a\ud83d", [])).toThrow("Bad Request: strings must be encoded in UTF-8");
  });

  it("with NUL gets a space in its place", () => {
    expect(cleanText("a\u0000b", []).text).toBe("a b");
  });
});

function outcome<T>(attempt: () => T): T | undefined {
  try {
    return attempt();
  } catch {
    return undefined;
  }
}
