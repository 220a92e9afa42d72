import type { MessageEntity } from "../message.ts";
import type { FormattedText } from "./clean-text.ts";

const PATTERNS: readonly (readonly [type: string, pattern: RegExp])[] = [
  ["url", /(?<![\w@])https?:\/\/[^\s<>"]*[^\s<>".,:;!?)\]}]/gi],
  ["email", /(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}/gi],
  ["bot_command", /(?<![\w/])\/[a-z0-9_]{1,64}(?:@\w{3,32})?(?![\w/])/gi],
  ["mention", /(?<![\w@])@[a-z]\w{2,31}(?!\w)/gi],
  ["hashtag", /(?<![\p{L}\p{N}_#])#(?=[\p{N}_]*\p{L})[\p{L}\p{N}_]{1,256}/giu],
];

/** Adds what Telegram recognises by itself; what the sender marked as code or link stays as it is. */
export function withFoundEntities({ text, entities }: FormattedText): FormattedText {
  const taken = entities.filter(({ type }) => ["code", "pre", "text_link", "text_mention"].includes(type));
  for (const [type, pattern] of PATTERNS) {
    for (const match of text.matchAll(pattern)) {
      const found = { type, offset: match.index, length: match[0].length };
      if (!taken.some((other) => overlaps(found, other))) taken.push(found);
    }
  }
  const all = [...new Set([...entities, ...taken])];
  return { text, entities: all.sort((a, b) => a.offset - b.offset || b.length - a.length) };
}

function overlaps(a: MessageEntity, b: MessageEntity): boolean {
  return a.offset < b.offset + b.length && b.offset < a.offset + a.length;
}
