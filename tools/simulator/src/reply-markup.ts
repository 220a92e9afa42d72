import { type Arguments, nested } from "./arguments.ts";
import { fields } from "./fields.ts";
import { isJson, type Json } from "./message.ts";
import { badRequest } from "./telegram-error.ts";

// Bot API, InlineKeyboardButton: callback_data is 1–64 bytes.
const MAX_CALLBACK_DATA_BYTES = 64;

/** The markup as Telegram would store it, or a refusal. */
export function readReplyMarkup(args: Arguments): Json | undefined {
  const markup = nested(args, "reply_markup", "reply keyboard markup");
  if (markup === undefined) return undefined;
  if (!isJson(markup)) throw badRequest("object expected as reply markup");
  const inline = rows(
    markup,
    "inline_keyboard",
    'Field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays',
  );
  const keyboard = rows(markup, "keyboard", 'Field "keyboard" must be an Array of Arrays');
  for (const button of keyboard.flat()) checkKeyboardButton(button);
  if (keyboard.length > 0) return markup;
  if (inline.length > 0) return { inline_keyboard: inline.map((row) => row.map(inlineButton)) };
  return markup["remove_keyboard"] === true || markup["force_reply"] === true ? markup : undefined;
}

function rows(markup: Json, name: string, wrongShape: string): unknown[][] {
  const value = markup[name];
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw badRequest(`Field "${name}" must be of type Array`);
  return value.map((row: unknown) => {
    if (!Array.isArray(row)) throw badRequest(wrongShape);
    return row;
  });
}

function checkKeyboardButton(button: unknown): void {
  const fail = (message: string) => badRequest(`can't parse keyboard button: ${message}`);
  if (typeof button === "string") return;
  if (!isJson(button)) throw fail("KeyboardButton must be a String or an Object");
  fields(button, fail).requiredString("text");
}

function inlineButton(button: unknown): Json {
  const fail = (message: string) => badRequest(`can't parse inline keyboard button: ${message}`);
  if (!isJson(button)) throw fail("InlineKeyboardButton must be an Object");
  const of = fields(button, fail);
  const text = of.requiredString("text");
  if (text.trim() === "") throw badRequest("Inline keyboard button text must be non-empty");
  const url = of.string("url");
  if (url) {
    if (!URL.canParse(url)) throw badRequest(`Inline keyboard button URL '${url}' is invalid: Wrong HTTP URL`);
    return { text, url };
  }
  const data = of.string("callback_data");
  if (data) {
    if (Buffer.byteLength(data) > MAX_CALLBACK_DATA_BYTES) throw badRequest("BUTTON_DATA_INVALID");
    return { text, callback_data: data };
  }
  const others = [
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "web_app",
    "copy_text",
    "login_url",
    "pay",
  ];
  if (others.some((name) => name in button)) return button;
  throw fail("Text buttons are unallowed in the inline keyboard");
}
