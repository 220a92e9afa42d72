import type { MessageEntity } from "../message.ts";
import type { Parsed } from "./formatted-text.ts";
import { byteOffset, parseError } from "./parse-error.ts";

const TYPES: Readonly<Record<string, string>> = {
  b: "bold",
  strong: "bold",
  i: "italic",
  em: "italic",
  u: "underline",
  ins: "underline",
  s: "strikethrough",
  strike: "strikethrough",
  del: "strikethrough",
  span: "spoiler",
  "tg-spoiler": "spoiler",
  "tg-emoji": "custom_emoji",
  a: "text_link",
  code: "code",
  pre: "pre",
  blockquote: "blockquote",
};
const NAMED: Readonly<Record<string, string>> = { lt: "<", gt: ">", amp: "&", quot: '"' };
const TOKEN = /<(\/?)([^\s>]*)([^>]*)(>?)|&(?:#(x?)([0-9a-f]{1,7})|(lt|gt|amp|quot));?|[^<&]+|&/gi;

interface OpenTag {
  readonly tag: string;
  readonly attributes: string;
  readonly start: number;
}

/** parse_mode HTML with tdlib's tags, entities and refusals. */
export function parseHtml(source: string): Parsed {
  const open: OpenTag[] = [];
  const entities: MessageEntity[] = [];
  let text = "";

  function start(tag: string, attributes: string, at: number): void {
    if (!Object.hasOwn(TYPES, tag)) throw parseError(`Unsupported start tag "${tag}" at byte offset ${at}`);
    if (tag === "span" && !/class\s*=\s*["']?tg-spoiler/.test(attributes)) {
      throw parseError(`Tag "span" must have class "tg-spoiler" at byte offset ${at}`);
    }
    open.push({ tag, attributes, start: text.length });
  }

  function end(tag: string, at: number): void {
    const last = open.pop();
    if (!last) throw parseError(`Unexpected end tag at byte offset ${at}`);
    if (tag !== "" && tag !== last.tag) {
      const names = `expected "</${last.tag}>", found "</${tag}>"`;
      throw parseError(`Unmatched end tag at byte offset ${at}, ${names}`);
    }
    if (text.length > last.start) entities.push(...entityOf(last, text));
  }

  for (const match of source.matchAll(TOKEN)) {
    const [token, slash, name = "", attributes = "", closed] = match;
    if (!token.startsWith("<")) {
      text += decode(match);
      continue;
    }
    const at = byteOffset(source, match.index);
    if (!closed) throw parseError(`Unclosed ${slash ? "end" : "start"} tag at byte offset ${at}`);
    if (slash) end(name.toLowerCase(), at);
    else start(name.toLowerCase(), attributes, at);
  }
  const unclosed = open.at(-1);
  if (unclosed) throw parseError(`Can't find end tag corresponding to start tag "${unclosed.tag}"`);
  return { text, entities: joinPreCode(entities) };
}

function decode([token, , , , , hex, digits, named]: RegExpMatchArray): string {
  if (named) return NAMED[named.toLowerCase()] ?? token;
  if (!digits) return token;
  const code = Number.parseInt(digits, hex ? 16 : 10);
  return code > 0 && code < 0x10ffff ? String.fromCodePoint(code) : token;
}

function entityOf({ tag, attributes, start }: OpenTag, text: string): MessageEntity[] {
  const entity = { type: TYPES[tag] ?? tag, offset: start, length: text.length - start };
  switch (tag) {
    case "a": {
      const url = attribute(attributes, "href") || text.slice(start);
      return /^[a-z][a-z0-9+.-]*:|\.[a-z]{2}/i.test(url) ? [{ ...entity, url }] : [];
    }
    case "code": {
      const language = /^language-(.+)/.exec(attribute(attributes, "class"))?.[1];
      return [language ? { ...entity, language } : entity];
    }
    case "tg-emoji":
      return [{ ...entity, custom_emoji_id: attribute(attributes, "emoji-id") }];
    case "blockquote":
      return [/\bexpandable\b/.test(attributes) ? { ...entity, type: "expandable_blockquote" } : entity];
    default:
      return [entity];
  }
}

function attribute(attributes: string, name: string): string {
  const found = new RegExp(`${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([\\w.-]+))`, "i").exec(attributes);
  const value = found?.[1] ?? found?.[2] ?? found?.[3] ?? "";
  return value.replace(/&(lt|gt|amp|quot);/g, (_, named: string) => NAMED[named] ?? "");
}

/** `<pre><code class="language-x">` is one entity with a language. */
function joinPreCode(entities: readonly MessageEntity[]): readonly MessageEntity[] {
  return entities.flatMap((entity) => {
    const twin = entities.find(
      (other) => other.type !== entity.type && other.offset === entity.offset && other.length === entity.length,
    );
    const { language, ...plain } = entity;
    if (entity.type === "code") return twin?.type === "pre" && language ? [] : [plain];
    return entity.type === "pre" && twin?.type === "code" && twin.language
      ? [{ ...entity, language: twin.language }]
      : [entity];
  });
}
