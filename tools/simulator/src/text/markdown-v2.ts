import type { MessageEntity } from "../message.ts";
import type { Parsed } from "./formatted-text.ts";
import { byteOffset, parseError } from "./parse-error.ts";

const NAMES: Readonly<Record<string, string>> = {
  bold: "Bold",
  italic: "Italic",
  underline: "Underline",
  strikethrough: "Strikethrough",
  spoiler: "Spoiler",
  code: "Code",
  pre: "Pre",
  text_link: "TextUrl",
  blockquote: "BlockQuote",
};
const MARKERS: readonly (readonly [marker: string, type: string])[] = [
  ["```", "pre"],
  ["`", "code"],
  ["__", "underline"],
  ["||", "spoiler"],
  ["*", "bold"],
  ["_", "italic"],
  ["~", "strikethrough"],
];
const RESERVED = "_*[]()~`>#+-=|{}.!";

const isEscapable = (unit: number) => unit > 0 && unit <= 126;

interface OpenEntity {
  readonly type: string;
  readonly start: number;
  readonly at: number;
  readonly language?: string;
}

/** parse_mode MarkdownV2 with tdlib's refusals; custom emoji and date links are not read. */
export function parseMarkdownV2(source: string): Parsed {
  const open: OpenEntity[] = [];
  const entities: MessageEntity[] = [];
  let text = "";
  let at = 0;

  function begin(type: string, skip: number, language?: string): void {
    open.push({ type, start: text.length, at, ...(language && { language }) });
    at += skip;
  }

  function finish(skip: number, more: { url?: string } = {}): void {
    const { type, start, language } = open.pop() ?? { type: "", start: 0 };
    const length = text.length - start;
    if (length > 0) entities.push({ type, offset: start, length, ...(language && { language }), ...more });
    at += skip;
  }

  function literal(length: number, skip = length): void {
    text += source.slice(at + skip - length, at + skip);
    at += skip;
  }

  /** A quote ends with the last line that starts with ">". */
  function lineBreak(): void {
    if (open.at(-1)?.type === "blockquote" && source[at + 1] !== ">") finish(0);
    literal(1);
    if (source[at] !== ">") return;
    if (open.some(({ type }) => type === "blockquote")) at += 1;
    else begin("blockquote", 1);
  }

  function linkEnd(): void {
    const target = /^\]\(((?:\\.|[^)\\])*)\)/s.exec(source.slice(at));
    if (source[at + 1] === "(" && !target) {
      throw parseError(`Can't find end of a URL at byte offset ${byteOffset(source, at + 2)}`);
    }
    const url = target?.[1]?.replace(/\\(.)/gs, "$1") ?? text.slice(open.at(-1)?.start);
    finish(target?.[0].length ?? 1, { url });
  }

  function codeBlock(): void {
    const head = /^```(?:([^\s`]+)(?=\s))?\r?\n?/.exec(source.slice(at));
    begin("pre", head?.[0].length ?? 3, head?.[1]);
  }

  function marked(): boolean {
    const inside = open.at(-1)?.type;
    for (const [marker, type] of MARKERS) {
      if (!source.startsWith(marker, at)) continue;
      if (inside === type) finish(marker.length);
      else if (type === "pre") codeBlock();
      else begin(type, marker.length);
      return true;
    }
    return false;
  }

  if (source.startsWith(">")) begin("blockquote", 1);
  while (at < source.length) {
    const char = source.charAt(at);
    const inside = open.at(-1)?.type;
    if (char === "\\" && isEscapable(source.charCodeAt(at + 1))) literal(1, 2);
    else if ((inside === "code" || inside === "pre") && char !== "`") literal(1);
    else if (inside === "pre" && !source.startsWith("```", at)) literal(1);
    else if (char === "\n") lineBreak();
    else if (char === "[") begin("text_link", 1);
    else if (char === "]" && inside === "text_link") linkEnd();
    else if (!marked()) {
      if (RESERVED.includes(char)) {
        throw parseError(`Character '${char}' is reserved and must be escaped with the preceding '\\'`);
      }
      literal(1);
    }
  }
  if (open.at(-1)?.type === "blockquote") finish(0);
  const unclosed = open.at(-1);
  if (unclosed) {
    const place = `entity at byte offset ${byteOffset(source, unclosed.at)}`;
    throw parseError(`Can't find end of ${NAMES[unclosed.type] ?? unclosed.type} ${place}`);
  }
  return { text, entities };
}
