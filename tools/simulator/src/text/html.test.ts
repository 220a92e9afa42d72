import { describe, expect, it } from "@jest/globals";
import { parseHtml } from "./html.ts";

describe("HTML", () => {
  it("becomes text and entities", () => {
    expect(parseHtml('<b>😀 <i>x</i></b> &lt;&#65;&amp; <a href="https://a.uz?x=1&amp;y=2">l</a>')).toEqual({
      text: "😀 x <A& l",
      entities: [
        { type: "italic", offset: 3, length: 1 },
        { type: "bold", offset: 0, length: 4 },
        { type: "text_link", offset: 9, length: 1, url: "https://a.uz?x=1&y=2" },
      ],
    });
  });

  it("makes one entity of pre and code with a language", () => {
    expect(parseHtml('<pre><code class="language-ts">x</code></pre>').entities).toEqual([
      { type: "pre", offset: 0, length: 1, language: "ts" },
    ]);
  });

  it("knows quotes, spoilers and plain code", () => {
    const source = '<blockquote expandable>q</blockquote><span class="tg-spoiler">s</span><code>c</code>';
    expect(parseHtml(source).entities.map(({ type }) => type)).toEqual(["expandable_blockquote", "spoiler", "code"]);
  });

  it.each([
    ["<b>x", 'Can\'t find end tag corresponding to start tag "b"'],
    ["ў</b>", "Unexpected end tag at byte offset 2"],
    ["<b><i>x</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'],
    ["<h1>x</h1>", 'Unsupported start tag "h1" at byte offset 0'],
    ["1 < 2", "Unclosed start tag at byte offset 2"],
    ["<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'],
  ])("%s is refused", (source, reason) => {
    expect(() => parseHtml(source)).toThrow(`Bad Request: can't parse entities: ${reason}`);
  });
});
