import type { MessageEntity } from "../message.ts";
import { badRequest } from "../telegram-error.ts";

export interface FormattedText {
  readonly text: string;
  readonly entities: readonly MessageEntity[];
}

// tdlib bounds offsets before it looks at the text.
const MAX_OFFSET = 1_000_000;
const LONE_SURROGATE = /\p{Surrogate}/u;

/** What tdlib's fix_formatted_text does to every outgoing text: refuse, clean, trim, sort. */
export function cleanText(text: string, given: readonly MessageEntity[]): FormattedText {
  if (LONE_SURROGATE.test(text)) throw badRequest("Strings must be encoded in UTF-8");
  const entities = given.filter(({ length }) => length !== 0).sort(inOrder);
  for (const entity of entities) checkRange(text, entity);
  const { cleaned, position } = removeControls(text);
  const moved = entities.map((entity) => moveTo(entity, position));
  return trim(cleaned, moved);
}

function inOrder(a: MessageEntity, b: MessageEntity): number {
  return a.offset - b.offset || b.length - a.length;
}

function checkRange(text: string, { offset, length }: MessageEntity): void {
  if (offset < 0 || offset > MAX_OFFSET) throw badRequest(`Receive an entity with incorrect offset ${offset}`);
  if (length < 0 || length > MAX_OFFSET) throw badRequest(`Receive an entity with incorrect length ${length}`);
  const end = offset + length;
  if (splitsSymbol(text, offset)) {
    throw badRequest(`Entity begins in a middle of a UTF-16 symbol at byte offset ${byteAfter(text, offset)}`);
  }
  if (offset > text.length) {
    throw badRequest(`Entity begins after the end of the text at UTF-16 offset ${offset}`);
  }
  if (splitsSymbol(text, end)) {
    const at = `at byte offset ${byteAfter(text, end)}`;
    throw badRequest(`Entity beginning at UTF-16 offset ${offset} ends in a middle of a UTF-16 symbol ${at}`);
  }
  if (end > text.length) {
    const at = `at UTF-16 offset ${end}`;
    throw badRequest(`Entity beginning at UTF-16 offset ${offset} ends after the end of the text ${at}`);
  }
}

/** In well-formed text a low surrogate always has its high one before it. */
function splitsSymbol(text: string, index: number): boolean {
  const unit = text.charCodeAt(index);
  return unit >= 0xdc00 && unit <= 0xdfff;
}

const byteAfter = (text: string, index: number) => Buffer.byteLength(text.slice(0, index + 1));

function replacement(unit: number): string | undefined {
  if (unit === 0x0a) return undefined;
  if (unit === 0x0d || unit === 0x0333 || unit === 0x033f || unit === 0x030a) return "";
  if (unit >= 0x2028 && unit <= 0x202e) return "";
  return unit < 0x20 ? " " : undefined;
}

/** `position[i]` is where the old offset i has moved to. */
function removeControls(text: string): { readonly cleaned: string; readonly position: readonly number[] } {
  const position: number[] = [];
  let cleaned = "";
  for (let index = 0; index < text.length; index++) {
    position.push(cleaned.length);
    cleaned += replacement(text.charCodeAt(index)) ?? text.charAt(index);
  }
  position.push(cleaned.length);
  return { cleaned, position };
}

function moveTo(entity: MessageEntity, position: readonly number[]): MessageEntity {
  const offset = position[entity.offset] ?? entity.offset;
  return { ...entity, offset, length: (position[entity.offset + entity.length] ?? offset) - offset };
}

function trim(text: string, entities: readonly MessageEntity[]): FormattedText {
  const kept = text.replace(/[ \n]+$/, "");
  const visible = entities.filter(({ offset, length }) => kept.slice(offset, offset + length).trim() !== "");
  const firstEntity = visible[0]?.offset ?? kept.length;
  const leading = Math.min(/^[ \n]*/.exec(kept)?.[0].length ?? 0, firstEntity);
  const trimmed = kept.slice(leading);
  if (isInvisible(trimmed)) throw badRequest("Text must be non-empty");
  return {
    text: trimmed,
    entities: visible.map((entity) => ({
      ...entity,
      offset: entity.offset - leading,
      length: Math.min(entity.length, kept.length - entity.offset),
    })),
  };
}

function isInvisible(text: string): boolean {
  return /^[\s\u00ad\u200b-\u200f\u2060-\u2064\ufeff]*$/.test(text);
}
