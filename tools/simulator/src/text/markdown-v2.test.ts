import { describe, expect, it } from "@jest/globals";
import { parseMarkdownV2 } from "./markdown-v2.ts";

describe("MarkdownV2", () => {
  it("becomes text and entities", () => {
    expect(parseMarkdownV2("*b _i_* __u__ ~s~ ||p|| `c*c` a\\.b")).toEqual({
      text: "b i u s p c*c a.b",
      entities: [
        { type: "italic", offset: 2, length: 1 },
        { type: "bold", offset: 0, length: 3 },
        { type: "underline", offset: 4, length: 1 },
        { type: "strikethrough", offset: 6, length: 1 },
        { type: "spoiler", offset: 8, length: 1 },
        { type: "code", offset: 10, length: 3 },
      ],
    });
  });

  it("reads links and code blocks with a language", () => {
    expect(parseMarkdownV2("[x](https://a.uz/\\)b) ```ts\ny```").entities).toEqual([
      { type: "text_link", offset: 0, length: 1, url: "https://a.uz/)b" },
      { type: "pre", offset: 2, length: 1, language: "ts" },
    ]);
  });

  it("ends a quote with its last marked line", () => {
    expect(parseMarkdownV2(">a\n>b\nc")).toEqual({
      text: "a\nb\nc",
      entities: [{ type: "blockquote", offset: 0, length: 3 }],
    });
  });

  it.each([
    ["a.b", "Character '.' is reserved and must be escaped with the preceding '\\'"],
    ["1 > 0", "Character '>' is reserved and must be escaped with the preceding '\\'"],
    ["ў *b", "Can't find end of Bold entity at byte offset 3"],
    ["`c", "Can't find end of Code entity at byte offset 0"],
    ["[x](y", "Can't find end of a URL at byte offset 4"],
  ])("%s is refused", (source, reason) => {
    expect(() => parseMarkdownV2(source)).toThrow(`Bad Request: can't parse entities: ${reason}`);
  });
});
