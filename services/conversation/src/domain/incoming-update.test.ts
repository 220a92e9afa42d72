import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { incomingUpdate, readable } from "./incoming-update.ts";

const from = { id: 5, is_bot: false, first_name: "Ada", language_code: "uz" };
const chat = { id: 5, type: "private", first_name: "Ada", last_name: "L", username: "ada" };
const message = (more: object) => ({ update_id: 1, message: { message_id: 9, date: 0, from, chat, ...more } });
const person = {
  messageId: "9",
  senderId: "5",
  languageCode: "uz",
  chat: { chatId: "5", threadId: "", type: "private", title: "Ada L", username: "ada" },
};

describe("an update of Telegram", () => {
  it("with text asks for an answer", () =>
    expect(incomingUpdate(message({ text: "Salom" }))).toEqual({
      kind: "text",
      text: "Salom",
      isCommand: false,
      ...person,
    }));
  it("with a command is told apart, since it is never merged with other words", () =>
    expect(incomingUpdate(message({ text: "/start" }))).toMatchObject({ kind: "text", isCommand: true }));
  it("with a captioned photo is read by its caption", () =>
    expect(incomingUpdate(message({ photo: [], caption: "Bu nima?" }))).toMatchObject({
      kind: "text",
      text: "Bu nima?",
    }));
  it("with a sticker in a private chat is answered that only text is read", () =>
    expect(incomingUpdate(message({ sticker: {} }))).toEqual({ kind: "no-text", ...person }));
  it("with a sticker in a group is passed over", () => {
    const group = { id: -7, type: "supergroup", title: "Shop" };
    expect(incomingUpdate(message({ sticker: {}, chat: group }))).toEqual({ kind: "pass-over", reason: "no_text" });
  });
  it("in a topic keeps the topic", () => {
    const inTopic = message({ text: "hi", message_thread_id: 3, is_topic_message: true });
    expect(incomingUpdate(inTopic)).toMatchObject({ chat: { threadId: "3" } });
  });
  it.each([
    ["edited_message", { update_id: 1, edited_message: message({ text: "x" }).message }],
    ["my_chat_member", { update_id: 1, my_chat_member: {} }],
    ["unknown_kind", { update_id: 1, новое: {} }],
    ["empty", { update_id: 1 }],
    ["not_from_a_person", message({ text: "hi", from: { ...from, is_bot: true } })],
    ["not_from_a_person", message({ text: "hi", from: undefined })],
    ["service_message", message({ new_chat_members: [] })],
    ["no_text", message({ text: "\0" })],
    ["unreadable", { update_id: 1, message: { text: "hi" } }],
    ["unreadable", "text"],
  ])("is passed over as %s", (reason, update) => expect(incomingUpdate(update)).toEqual({ kind: "pass-over", reason }));

  it("of any shape never throws", () => {
    fc.assert(fc.property(fc.anything(), (update) => expect(incomingUpdate(update)).toHaveProperty("kind")));
    fc.assert(fc.property(fc.anything(), (sent) => expect(incomingUpdate({ message: sent })).toHaveProperty("kind")));
  });
});

describe("readable text", () => {
  it("has neither NUL nor lone surrogates, and keeps everything else", () => {
    expect(readable("a\0b\uD800c\uDC00 😀")).toBe("ab\uFFFDc\uFFFD 😀");
  });
});
