import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { addressOf } from "./update.ts";

const read = (update: unknown) => addressOf(Buffer.from(JSON.stringify(update)));
const chat = { id: -1001234567890, type: "supergroup" };

describe("the address of an update", () => {
  it("is its id and its chat, as text", () => {
    expect(read({ update_id: 7, message: { chat, text: "salom" } })).toEqual({
      updateId: "7",
      chatId: "-1001234567890",
    });
  });

  it("names the topic of a message in a chat with topics, and no thread that is a mere chain of replies", () => {
    const message = { chat, message_thread_id: 42 };
    expect(read({ update_id: 7, message: { ...message, is_topic_message: true } })).toMatchObject({ threadId: "42" });
    expect(read({ update_id: 7, message })).not.toHaveProperty("threadId");
  });

  it("is found in kinds of update that do not exist today", () => {
    expect(read({ update_id: 7, hologram_post: { beam: 1, chat } })).toMatchObject({ chatId: "-1001234567890" });
  });

  it("is found for a pressed button through the message it hangs on, topic included", () => {
    const message = { chat, message_thread_id: 42, is_topic_message: true };
    const update = { update_id: 7, callback_query: { id: "1", from: { id: 5 }, message, data: "x" } };
    expect(read(update)).toEqual({ updateId: "7", chatId: "-1001234567890", threadId: "42" });
  });

  it("survives NUL and lone surrogates in texts", () => {
    expect(addressOf(Buffer.from('{"update_id":7,"message":{"chat":{"id":1},"text":"\\u0000 \\ud800"}}'))).toEqual({
      updateId: "7",
      chatId: "1",
    });
  });
});

describe("bytes without an address", () => {
  it.each([
    ["", "not_json"],
    ["{", "not_json"],
    ["\ufeff{}", "not_json"],
    ["null", "no_update_id"],
    ["[]", "no_update_id"],
    ["{}", "no_update_id"],
    ['{"update_id":"7"}', "no_update_id"],
    ['{"update_id":-7}', "no_update_id"],
    ['{"update_id":1.5}', "no_update_id"],
    ['{"update_id":1e400}', "no_update_id"],
    ['{"update_id":7}', "no_chat"],
    ['{"update_id":7,"inline_query":{"from":{"id":5}}}', "no_chat"],
    ['{"update_id":7,"message":{"chat":{"id":"1"}}}', "no_chat"],
    ['{"update_id":7,"message":{"chat":{"id":9007199254740993}}}', "no_chat"],
    ['{"update_id":7,"message":null,"__proto__":{"chat":1}}', "no_chat"],
    ["[".repeat(5_000) + "]".repeat(5_000), "too_deep"],
  ])("%.60s are %s", (json, problem) => {
    expect(addressOf(Buffer.from(json))).toBe(problem);
  });

  it("are not JSON when they are not UTF-8", () => {
    expect(addressOf(Buffer.from([0x22, 0xff, 0x22]))).toBe("not_json");
  });

  it("never make it throw, whatever they are", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (any) => addressOf(any) !== undefined));
    fc.assert(fc.property(fc.jsonValue(), (any) => read(any) !== undefined));
  });
});
