import { describe, expect, it } from "@jest/globals";
import { finishText, MAX_TEXT_LENGTH, readText } from "./formatted-text.ts";

describe("a text of the greatest length", () => {
  it("is accepted with 4,096 UTF-16 units", () => {
    expect(finishText({ text: "x".repeat(MAX_TEXT_LENGTH), entities: [] }).text).toHaveLength(4096);
  });

  it("is refused with one more", () => {
    expect(() => finishText({ text: "x".repeat(MAX_TEXT_LENGTH + 1), entities: [] })).toThrow(
      "Bad Request: message is too long",
    );
  });

  it("counts an emoji as two", () => {
    expect(() => finishText({ text: "😀".repeat(2049), entities: [] })).toThrow("Bad Request: message is too long");
  });

  it("is measured after trimming", () => {
    expect(finishText({ text: `${"x".repeat(MAX_TEXT_LENGTH)}   `, entities: [] }).text).toHaveLength(4096);
  });

  it("is refused before parsing above 32 KiB", () => {
    expect(() => readText({ text: "x".repeat(32_769) })).toThrow("Bad Request: text is too long");
  });
});

describe("the entities of a call", () => {
  it.each([
    [["x"], "expected an Object"],
    [[{ type: "bold", length: 1 }], 'Can\'t find field "offset"'],
    [[{ type: "bold", offset: "a", length: 1 }], 'Field "offset" must be a valid Number'],
    [[{ offset: 0, length: 1 }], 'Can\'t find field "type"'],
    [[{ type: "sparkling", offset: 0, length: 1 }], "Unsupported type specified"],
    [[{ type: "text_link", offset: 0, length: 1 }], 'Can\'t find field "url"'],
    [[{ type: "text_mention", offset: 0, length: 1, user: {} }], 'Can\'t find field "id"'],
  ])("%j are refused", (entities, reason) => {
    expect(() => readText({ text: "abc", entities })).toThrow(`Bad Request: can't parse MessageEntity: ${reason}`);
  });

  it("of a kind Telegram finds itself are ignored", () => {
    expect(readText({ text: "@abc", entities: [{ type: "mention", offset: 0, length: 4 }] }).entities).toEqual([]);
  });

  it("may come as JSON text, as a form sends them", () => {
    const entities = JSON.stringify([{ type: "pre", offset: 0, length: 3, language: "ts" }]);
    expect(readText({ text: "abc", entities }).entities).toEqual([
      { type: "pre", offset: 0, length: 3, language: "ts" },
    ]);
  });

  it("are not read beside a parse_mode", () => {
    expect(readText({ text: "<b>a</b>", parse_mode: "html", entities: "[{]" }).text).toBe("a");
  });

  it("are refused with an unknown parse_mode", () => {
    expect(() => readText({ text: "a", parse_mode: "bbcode" })).toThrow("Bad Request: unsupported parse_mode");
  });
});

describe("what Telegram finds in a text by itself", () => {
  const found = (text: string) =>
    finishText({ text, entities: [] }).entities.map(({ type, offset, length }) => [
      type,
      text.slice(offset, offset + length),
    ]);

  it("is commands, mentions, addresses and hashtags", () => {
    expect(found("/start@my_bot @ada see https://a.uz/x. #тег me@a.uz")).toEqual([
      ["bot_command", "/start@my_bot"],
      ["mention", "@ada"],
      ["url", "https://a.uz/x"],
      ["hashtag", "#тег"],
      ["email", "me@a.uz"],
    ]);
  });

  it("is nothing inside code", () => {
    const entities = [{ type: "code", offset: 0, length: 6 }];
    expect(finishText({ text: "/start", entities }).entities).toEqual(entities);
  });
});
