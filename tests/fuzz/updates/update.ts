import fc from "fast-check";
import { type JsonText, literal, object, quoted } from "./json-text.ts";
import { anyMessage, type MessageParts, messageJson } from "./message.ts";
import { anyId, type IdText } from "./values.ts";

const KINDS = ["message", "edited_message", "channel_post", "hologram", "callback_query", "inline_query", ""] as const;
const DAMAGES = ["none", "spaces", "bom", "cut", "trailing", "no-utf8", "utf16", "nothing"] as const;

/** An update by its parts; `damage` is what befell its bytes on the way. */
export interface UpdateParts {
  readonly updateId: IdText;
  readonly isIdTwice: boolean;
  readonly kind: (typeof KINDS)[number];
  readonly message: MessageParts;
  readonly damage: (typeof DAMAGES)[number];
}

const NEGATIVE: IdText = { json: literal("-5"), id: "-5" };

export function anyUpdate(): fc.Arbitrary<UpdateParts> {
  return fc.record({
    updateId: fc.oneof({ weight: 30, arbitrary: anyId(0) }, fc.constant(NEGATIVE)),
    isIdTwice: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
    kind: fc.oneof({ weight: 8, arbitrary: fc.constant("message" as const) }, fc.constantFrom(...KINDS)),
    message: anyMessage(),
    damage: fc.oneof({ weight: 20, arbitrary: fc.constant("none" as const) }, fc.constantFrom(...DAMAGES)),
  });
}

/** The update's JSON before any damage. */
export function updateJson({ updateId, isIdTwice, kind, message }: UpdateParts): JsonText {
  return object([
    ["update_id", isIdTwice ? quoted("decoy") : undefined],
    ...(kind === "" ? [] : [[kind, memberJson(kind, message)] as const]),
    ["update_id", updateId.json],
  ]);
}

function memberJson(kind: UpdateParts["kind"], message: MessageParts): JsonText {
  switch (kind) {
    case "callback_query":
      return object([
        ["id", quoted("1")],
        ["message", messageJson(message)],
      ]);
    case "inline_query":
      return object([
        ["id", quoted("1")],
        ["query", message.text?.json],
      ]);
    default:
      return messageJson(message);
  }
}

/** The bytes as they arrive. */
export function updateBytes(parts: UpdateParts): Buffer {
  const { text } = updateJson(parts);
  switch (parts.damage) {
    case "none":
      return Buffer.from(text);
    case "spaces":
      return Buffer.from(` \r\n${text}\t `);
    case "bom":
      return Buffer.from(`\ufeff${text}`);
    case "cut":
      return Buffer.from(text.slice(0, -1));
    case "trailing":
      return Buffer.from(`${text}]`);
    case "no-utf8":
      return Buffer.concat([Buffer.from(text), Buffer.from([0xff])]);
    case "utf16":
      return Buffer.from(text, "utf16le");
    case "nothing":
      return Buffer.alloc(0);
  }
}
