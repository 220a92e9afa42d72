import { describe, expect, it } from "@jest/globals";
import { readReplyMarkup } from "./reply-markup.ts";

const inline = (button: unknown) => ({ reply_markup: { inline_keyboard: [[button]] } });

describe("a reply markup", () => {
  it("keeps the inline buttons it understands", () => {
    const markup = readReplyMarkup(inline({ text: "Go", callback_data: "go:1" }));
    expect(markup).toEqual({ inline_keyboard: [[{ text: "Go", callback_data: "go:1" }]] });
  });

  it("may come as JSON text", () => {
    expect(readReplyMarkup({ reply_markup: '{"keyboard":[["a","b"]]}' })).toEqual({ keyboard: [["a", "b"]] });
  });

  it.each([
    ["[", "can't parse reply keyboard markup JSON object"],
    [[], "object expected as reply markup"],
    [{ inline_keyboard: ["x"] }, 'field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays'],
    [{ keyboard: [[{}]] }, "can't parse keyboard button: Can't find field \"text\""],
    [
      { inline_keyboard: [[{ text: "x" }]] },
      "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
    ],
    [{ inline_keyboard: [[{ text: " ", url: "https://a.uz" }]] }, "inline keyboard button text must be non-empty"],
    [{ inline_keyboard: [[{ text: "x", callback_data: "ў".repeat(33) }]] }, "BUTTON_DATA_INVALID"],
  ])("%j is refused", (reply_markup, reason) => {
    expect(() => readReplyMarkup({ reply_markup })).toThrow(`Bad Request: ${reason}`);
  });
});
