import { Language } from "@botfactory/proto/events/v1/account";
import { describe, expect, it } from "@jest/globals";
import { botDescription, botLanguage, botName, botPrompt, botToken } from "./bot-fields.ts";

const NUL = String.fromCharCode(0);
const LONE_SURROGATE = String.fromCharCode(0xd83d);
const refusal = (code: string) => expect.objectContaining({ kind: "invalid", code });

describe("a bot's name", () => {
  it("loses the spaces around it", () => expect(botName("  Ada ")).toBe("Ada"));
  it("may be 64 emoji long", () => expect(botName("🤖".repeat(64))).toHaveLength(128));
  it.each(["", "   "])("is required, so %j is refused", (name) =>
    expect(() => botName(name)).toThrow(refusal("field_required")),
  );
  it.each(["x".repeat(65), `A${NUL}da`, `Ada${LONE_SURROGATE}`, "two\nlines"])("may not be %j", (name) =>
    expect(() => botName(name)).toThrow(refusal("field_invalid")),
  );
  it.each([
    ["x".repeat(65), "≤ 64"],
    [`A${NUL}da`, "U+0000"],
    [`Ada${LONE_SURROGATE}`, "U+D83D"],
  ])("says which field is not right and why: %j", (name, reason) =>
    expect(() => botName(name)).toThrow(expect.objectContaining({ params: { field: "name", reason } })),
  );
});

describe("a bot's description", () => {
  it("may be missing", () => expect(botDescription("")).toBe(""));
  it("may have several lines", () => expect(botDescription("one\n\ttwo\r\nthree")).toBe("one\n\ttwo\r\nthree"));
  it.each(["x".repeat(501), NUL, LONE_SURROGATE, "\u0007"])("may not be %j", (text) =>
    expect(() => botDescription(text)).toThrow(refusal("field_invalid")),
  );
});

describe("a system prompt", () => {
  it("is kept as it was given", () => expect(botPrompt(" Siz do'konsiz.\n")).toBe(" Siz do'konsiz.\n"));
  it("may have 8,000 characters", () => expect(botPrompt("я".repeat(8_000))).toHaveLength(8_000));
  it.each(["", " \n "])("may not be empty like %j", (text) =>
    expect(() => botPrompt(text)).toThrow(refusal("prompt_empty")),
  );
  it("may not have 10,000 characters", () =>
    expect(() => botPrompt("x".repeat(10_000))).toThrow(
      expect.objectContaining({ code: "prompt_too_long", params: { limit: "8000", length: "10000" } }),
    ));
  it.each([`You${NUL}`, `You${LONE_SURROGATE}`])("may not hold what cannot be stored: %j", (text) =>
    expect(() => botPrompt(text)).toThrow(refusal("field_invalid")),
  );
});

describe("a bot's language", () => {
  it.each([Language.UZ, Language.RU, Language.EN])("may be %s", (language) =>
    expect(botLanguage(language)).toBe(language),
  );
  it.each([Language.UNSPECIFIED, Language.UZ_CYRL, 99])("may not be %s", (language) =>
    expect(() => botLanguage(language)).toThrow(refusal("field_invalid")),
  );
});

describe("a token", () => {
  const token = `7000001:${"A".repeat(35)}`;

  it("loses the spaces it was copied with", () => expect(botToken(` ${token}\n`)).toBe(token));
  it("is required", () => expect(() => botToken(" ")).toThrow(refusal("field_required")));
  it.each(["hello", "7000001", `7000001:${"A".repeat(10)}`, `x:${token}`, `${token}/../getMe`, `${token}${NUL}`])(
    "is invalid as %j, and nobody is asked",
    (text) => expect(() => botToken(text)).toThrow(refusal("token_invalid")),
  );
  it("is never part of the refusal", () =>
    expect(() => botToken(`${token}!`)).toThrow(expect.objectContaining({ message: "token_invalid", params: {} })));
});
