import { describe, expect, it } from "@jest/globals";
import { Api } from "grammy";
import { refusal, simulatorFixture } from "./fixture.ts";

const { url, meeting } = simulatorFixture();

describe("a token", () => {
  it("that Telegram knows gets its bot", async () => {
    const { api, bot } = await meeting();
    expect(await api.getMe()).toMatchObject({ id: bot.id, is_bot: true, username: bot.username });
  });

  it("that Telegram does not know is unauthorized", async () => {
    const response = await fetch(`${url()}/bot123:unknown/getMe`);
    expect([response.status, await response.json()]).toEqual([
      401,
      { ok: false, error_code: 401, description: "Unauthorized" },
    ]);
  });

  it("that is no token is not found", async () => {
    const response = await fetch(`${url()}/botrubbish/getMe`);
    expect([response.status, await response.json()]).toEqual([
      404,
      { ok: false, error_code: 404, description: "Not Found" },
    ]);
  });

  it("dies when it is revoked, and lives on as another when it is rotated", async () => {
    const { sim, bot, api } = await meeting();
    const fresh = await sim.bot(bot.id).rotate();
    expect(await refusal(api.getMe())).toBe("401 Unauthorized");
    const renewed = new Api(fresh, { apiRoot: url() });
    expect((await renewed.getMe()).id).toBe(bot.id);
    await sim.bot(bot.id).revoke();
    expect(await refusal(renewed.getMe())).toBe("401 Unauthorized");
  });
});

describe("a call", () => {
  it("may be a query, a form, multipart or JSON, in any case of letters", async () => {
    const { bot, userId } = await meeting();
    const target = `${url()}/bot${bot.token}/SENDmessage`;
    const fields = { chat_id: String(userId), text: "hi ў😀" };
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.append(name, value);
    const responses = await Promise.all([
      fetch(`${target}?${new URLSearchParams(fields)}`),
      fetch(target, { method: "POST", body: new URLSearchParams(fields) }),
      fetch(target, { method: "POST", body: form }),
      fetch(target, { method: "POST", body: JSON.stringify(fields), headers: { "content-type": "application/json" } }),
    ]);
    const texts = await Promise.all(responses.map(async (response) => JSON.parse(await response.text()).result.text));
    expect(texts).toEqual(Array(4).fill("hi ў😀"));
  });

  it("of an unknown method is not found", async () => {
    const { call } = await meeting();
    expect(await call("sendTelepathy")).toEqual({
      status: 404,
      body: { ok: false, error_code: 404, description: "Not Found: method not found" },
    });
  });

  it("with a broken body is refused", async () => {
    const { bot } = await meeting();
    const response = await fetch(`${url()}/bot${bot.token}/getMe`, {
      method: "POST",
      body: "{",
      headers: { "content-type": "application/json" },
    });
    expect(response.status).toBe(400);
  });
});

describe("sendMessage", () => {
  it("answers with the stored message", async () => {
    const { api, userId, bot, sim } = await meeting();
    const message = await api.sendMessage(userId, "Salom *dunyo*", {
      entities: [{ type: "bold", offset: 6, length: 7 }],
      link_preview_options: { is_disabled: true },
      reply_parameters: { message_id: 1 },
      reply_markup: { inline_keyboard: [[{ text: "Ha", callback_data: "yes" }]] },
    });
    expect(message).toMatchObject({
      message_id: 2,
      text: "Salom *dunyo*",
      from: { id: bot.id, is_bot: true },
      chat: { id: userId, type: "private" },
      entities: [{ type: "bold", offset: 6, length: 7 }],
      reply_to_message: { message_id: 1, text: "hello" },
      reply_markup: { inline_keyboard: [[{ text: "Ha", callback_data: "yes" }]] },
    });
    expect((await sim.chat({ chatId: userId, botId: bot.id })).messages.at(-1)).toEqual(message);
  });

  it("refuses what Telegram refuses, in Telegram's words", async () => {
    const { api, userId } = await meeting();
    const refused = await Promise.all([
      refusal(api.sendMessage(userId, "")),
      refusal(api.sendMessage(userId, "  ")),
      refusal(api.sendMessage(userId, "x".repeat(4097))),
      refusal(api.sendMessage(userId, "<b>x", { parse_mode: "HTML" })),
      refusal(api.sendMessage(404404, "x")),
      refusal(api.sendMessage(userId, "x", { reply_parameters: { message_id: 99 } })),
      refusal(api.sendMessage(userId, "😀", { entities: [{ type: "bold", offset: 1, length: 1 }] })),
    ]);
    expect(refused).toEqual([
      "400 Bad Request: message text is empty",
      "400 Bad Request: text must be non-empty",
      "400 Bad Request: message is too long",
      `400 Bad Request: can't parse entities: Can't find end tag corresponding to start tag "b"`,
      "400 Bad Request: chat not found",
      "400 Bad Request: message to be replied not found",
      "400 Bad Request: entity begins in a middle of a UTF-16 symbol at byte offset 4",
    ]);
  });

  it("shows a reply keyboard in the chat until it is removed", async () => {
    const { api, sim, userId, bot } = await meeting();
    const place = { chatId: userId, botId: bot.id };
    const keyboard = [[{ text: "Narxlar" }]];
    const sent = await api.sendMessage(userId, "choose", { reply_markup: { keyboard } });
    expect(sent).not.toHaveProperty("reply_markup");
    expect((await sim.chat(place)).keyboard).toEqual({ keyboard });
    await api.sendMessage(userId, "thanks", { reply_markup: { remove_keyboard: true } });
    expect((await sim.chat(place)).keyboard).toBeUndefined();
  });

  it("may leave out a reply's target when it is gone", async () => {
    const { api, userId } = await meeting();
    const reply_parameters = { message_id: 99, allow_sending_without_reply: true };
    expect((await api.sendMessage(userId, "x", { reply_parameters })).reply_to_message).toBeUndefined();
  });

  it("does not reach a user who blocked the bot, until unblocked", async () => {
    const { api, user, bot, userId } = await meeting();
    await user.block(bot.id);
    expect(await refusal(api.sendMessage(userId, "x"))).toBe("403 Forbidden: bot was blocked by the user");
    await user.unblock(bot.id);
    expect(await refusal(api.sendMessage(userId, "x"))).toBe("accepted");
  });

  it("tells where a group went that became a supergroup", async () => {
    const { api, sim, bot, call } = await meeting();
    const group = await sim.createGroup({ type: "group", botIds: [bot.id] });
    await api.sendMessage(group.chat.id, "before");
    const after = await sim.migrateGroup(group.chat.id);
    expect((await call("sendMessage", { chat_id: group.chat.id, text: "x" })).body).toEqual({
      ok: false,
      error_code: 400,
      description: "Bad Request: group chat was upgraded to a supergroup chat",
      parameters: { migrate_to_chat_id: after.chat.id },
    });
    await sim.kick(after.chat.id, bot.id);
    expect(await refusal(api.sendMessage(after.chat.id, "x"))).toBe(
      "403 Forbidden: bot was kicked from the supergroup chat",
    );
  });
});

describe("what a user sees while waiting", () => {
  it("is typing, until the message comes", async () => {
    const { api, sim, bot, userId } = await meeting();
    const place = { chatId: userId, botId: bot.id };
    const seen = sim.waitForTyping(place);
    await api.sendChatAction(userId, "typing");
    expect(await seen).toEqual({ action: "typing" });
    await api.sendMessage(userId, "there");
    expect(await sim.typing(place)).toBeUndefined();
  });

  it("is a draft, in private chats only", async () => {
    const { sim, bot, userId, call } = await meeting();
    await call("sendMessageDraft", { chat_id: userId, draft_id: 5, text: "Sal" });
    expect((await sim.chat({ chatId: userId, botId: bot.id })).draft).toBe("Sal");
    const group = await sim.createGroup({ botIds: [bot.id] });
    expect((await call("sendMessageDraft", { chat_id: group.chat.id, draft_id: 5, text: "x" })).status).toBe(400);
    expect((await call("sendMessageDraft", { chat_id: userId, draft_id: 0, text: "x" })).status).toBe(400);
  });

  it("is nothing for an action Telegram does not know", async () => {
    const { call, userId } = await meeting();
    expect((await call("sendChatAction", { chat_id: userId, action: "dancing" })).body.description).toBe(
      "Bad Request: wrong parameter action in request",
    );
  });
});

describe("editMessageText", () => {
  it("changes the bot's own message, once", async () => {
    const { api, sim, userId, bot } = await meeting();
    const { message_id } = await api.sendMessage(userId, "one");
    await api.editMessageText(userId, message_id, "two");
    expect((await sim.chat({ chatId: userId, botId: bot.id })).messages.at(-1)?.text).toBe("two");
    expect(await refusal(api.editMessageText(userId, message_id, "two"))).toMatch(
      /^400 Bad Request: message is not modified/,
    );
    expect(await refusal(api.editMessageText(userId, 1, "x"))).toBe("400 Bad Request: message can't be edited");
    expect(await refusal(api.editMessageText(userId, 99, "x"))).toBe("400 Bad Request: message to edit not found");
  });
});

describe("a pressed button", () => {
  it("is answered once", async () => {
    const { api, user, bot } = await meeting();
    const { callbackQueryId } = await user.press(bot.id, { messageId: 1, data: "yes" });
    expect(await refusal(api.answerCallbackQuery(callbackQueryId, { text: "ok" }))).toBe("accepted");
    expect(await refusal(api.answerCallbackQuery(callbackQueryId))).toBe(
      "400 Bad Request: query is too old and response timeout expired or query ID is invalid",
    );
  });
});

describe("the menu of commands", () => {
  it("is kept for each language", async () => {
    const { api, call } = await meeting();
    await api.setMyCommands([{ command: "start", description: "Boshlash" }], { language_code: "uz" });
    expect(await api.getMyCommands({ language_code: "uz" })).toEqual([{ command: "start", description: "Boshlash" }]);
    expect(await api.getMyCommands()).toEqual([]);
    expect((await call("setMyCommands", { commands: [{ command: "Старт", description: "x" }] })).body.description).toBe(
      "Bad Request: BOT_COMMAND_INVALID",
    );
  });
});

describe("getChat", () => {
  it("knows the chats the bot is in", async () => {
    const { api, user, userId } = await meeting();
    await user.introduce({ first_name: "Ada", language_code: "uz" });
    expect(await api.getChat(userId)).toMatchObject({ id: userId, type: "private" });
    expect(await refusal(api.getChat(5))).toBe("400 Bad Request: chat not found");
  });
});
