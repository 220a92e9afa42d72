import { type Arguments, nested, text as textOf } from "../arguments.ts";
import type { MessageEntity } from "../message.ts";
import { badRequest } from "../telegram-error.ts";
import { cleanText, type FormattedText } from "./clean-text.ts";
import { readEntities } from "./entity.ts";
import { withFoundEntities } from "./found-entities.ts";
import { parseHtml } from "./html.ts";
import { parseMarkdownV2 } from "./markdown-v2.ts";

export interface Parsed {
  readonly text: string;
  readonly entities: readonly MessageEntity[];
}

export const MAX_TEXT_LENGTH = 4096;
// Client::get_formatted_text counts bytes here, before parsing.
const MAX_BYTES_BEFORE_PARSING = 1 << 15;

/** The first half of Telegram's check: what can be said before the chat is known. */
export function readText(args: Arguments): Parsed {
  const text = textOf(args, "text");
  if (Buffer.byteLength(text) > MAX_BYTES_BEFORE_PARSING) throw badRequest("Text is too long");
  const mode = textOf(args, "parse_mode").toLowerCase();
  if (text === "" || mode === "" || mode === "none") {
    return { text, entities: readEntities(nested(args, "entities", "entities")) };
  }
  if (mode === "html") return parseHtml(text);
  if (mode === "markdownv2") return parseMarkdownV2(text);
  throw badRequest("Unsupported parse_mode");
}

/** The second half: offsets, trimming, length. tdlib counts code points; UTF-16 units, as documented, are stricter. */
export function finishText({ text, entities }: Parsed): FormattedText {
  const clean = cleanText(text, entities);
  if (clean.text.length > MAX_TEXT_LENGTH) throw badRequest("Message is too long");
  return withFoundEntities(clean);
}
