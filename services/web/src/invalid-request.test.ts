import { describe, expect, it } from "@jest/globals";
import { createBot } from "./api/bot.ts";
import { sendTestMessage } from "./api/test-bot.ts";
import { botParams, chatParams } from "./api/text.ts";
import { InvalidRequest, parseFields, parsePath } from "./invalid-request.ts";

const bot = {
  name: "Ada",
  description: "",
  language: "uz",
  platform: "telegram",
  systemPrompt: "Be kind",
  telegramToken: "1:a",
};

function refusalOf(body: unknown): InvalidRequest {
  try {
    parseFields(createBot, body, "en");
  } catch (error) {
    if (error instanceof InvalidRequest) return error;
  }
  throw new Error("the body was accepted");
}

describe("the body that creates a bot", () => {
  it("is accepted as the contract has it", () => expect(parseFields(createBot, bot, "en")).toEqual(bot));

  it("names every field that is missing", () => {
    const { code, fields } = refusalOf({ name: "Ada" });
    expect(code).toBe("field_required");
    expect(fields.map(({ name, code }) => [name, code])).toEqual([
      ["language", "field_required"],
      ["systemPrompt", "field_required"],
      ["telegramToken", "field_required"],
    ]);
  });

  it.each([
    ["a language nobody here speaks", { language: "de" }, "language"],
    ["another platform", { platform: "viber" }, "platform"],
    ["a name that is no text", { name: { $ne: null } }, "name"],
    ["NUL in a text", { systemPrompt: "a\0b" }, "systemPrompt"],
    ["half a surrogate pair in a text", { description: "\ud83d" }, "description"],
    ["a field nobody knows", { telegramTokn: "1:a" }, "telegramTokn"],
  ])("is refused with %s", (_what, wrong, field) => {
    const { code, fields } = refusalOf({ ...bot, ...wrong });
    expect([code, fields.map(({ name }) => name)]).toEqual(["field_invalid", [field]]);
  });

  it.each([[null], [[]], ["text"], [JSON.parse(`${"[".repeat(5_000)}${"]".repeat(5_000)}`)]])(
    "is refused when it is no object",
    (body) => expect(refusalOf(body).fields).toHaveLength(1),
  );

  it("is refused in the person's language", () => {
    expect(() => parseFields(createBot, { ...bot, name: 1 }, "ru")).toThrow(
      expect.objectContaining({ params: { field: "name", reason: expect.stringMatching(/[а-я]/) } }),
    );
  });
});

it("takes a chat id of a test message as number or text", () => {
  const chats = [-100123, "-100123"].map((chatId) => parseFields(sendTestMessage, { chatId }, "en"));
  expect(chats).toEqual([{ chatId: "-100123" }, { chatId: "-100123" }]);
});

describe("an id in the path that cannot be one", () => {
  it.each(["1", "../secret", "A".repeat(20), "a".repeat(21), "aaaaaaaaaaaaaaaaaaa."])(
    "of a bot (%s) is of no bot",
    (botId) => {
      expect(() => parsePath(botParams, { botId })).toThrow(
        expect.objectContaining({ kind: "not-found", code: "bot_not_found" }),
      );
    },
  );
  it("of a chat is of no chat", () => {
    expect(() => parsePath(chatParams, { botId: "a".repeat(20), chatId: "a b" })).toThrow(
      expect.objectContaining({ code: "chat_not_found" }),
    );
  });
});
