import fc from "fast-check";
import { type JsonText, literal, object, quoted } from "./json-text.ts";
import { anyExtras, anyId, anyWords, type IdText, NO_TEXT } from "./values.ts";

/** A field with text: what stands in the JSON, and the text it says (none: it is of a wrong type). */
interface TextField {
  readonly json: JsonText;
  readonly said: string | undefined;
}

/** A message by its parts, from which both its JSON and what must be made of it follow. */
export interface MessageParts {
  readonly chat: IdText;
  readonly chatType: TextField | undefined;
  readonly messageId: IdText;
  readonly from: "person" | "bot" | "nobody" | "odd";
  readonly text: TextField | undefined;
  readonly caption: TextField | undefined;
  readonly content: "photo" | "sticker" | "pinned_message" | undefined;
  readonly isTopic: "true" | "false" | '"true"' | undefined;
  readonly thread: IdText;
  readonly languageCode: TextField | undefined;
  readonly username: TextField | undefined;
  readonly extras: readonly (readonly [string, JsonText])[];
}

const field = (of: fc.Arbitrary<string>): fc.Arbitrary<TextField | undefined> =>
  fc.oneof(
    { weight: 24, arbitrary: of.map((said) => ({ json: quoted(said), said })) },
    { weight: 1, arbitrary: fc.constantFrom(...NO_TEXT).map((json) => ({ json, said: undefined })) },
  );
const optional = (of: fc.Arbitrary<string>) => fc.oneof({ weight: 2, arbitrary: field(of) }, fc.constant(undefined));

export function anyMessage(): fc.Arbitrary<MessageParts> {
  return fc
    .record({
      chat: anyId(-(2 ** 52)),
      chatType: field(fc.constantFrom("private", "private", "private", "group", "supergroup", "channel", "hologram")),
      messageId: anyId(1),
      from: fc.oneof(
        { weight: 8, arbitrary: fc.constant("person" as const) },
        fc.constantFrom("bot" as const, "nobody" as const, "odd" as const),
      ),
      text: field(anyWords()),
      caption: optional(anyWords()),
      content: fc.constantFrom(undefined, undefined, "photo" as const, "sticker" as const, "pinned_message" as const),
      isTopic: fc.constantFrom(undefined, undefined, undefined, "true" as const, "false" as const, '"true"' as const),
      thread: fc.oneof(
        { weight: 5, arbitrary: fc.constant<IdText>({ json: undefined, id: undefined }) },
        { weight: 2, arbitrary: anyId(1) },
      ),
      languageCode: optional(fc.constantFrom("uz", "ru-RU", "", "\ud800", "x".repeat(1_000))),
      username: optional(anyWords()),
      extras: anyExtras(),
    })
    .chain((parts) =>
      // A message holds a text or a content; that both are missing is one case of many.
      fc.constantFrom(parts, parts, { ...parts, text: undefined }),
    );
}

const PERSONS = { person: [literal("7"), "false"], bot: [literal("7"), "true"], odd: [quoted("7"), "0"] } as const;

export function messageJson(parts: MessageParts): JsonText {
  const { chat, chatType, messageId, text, caption, content, isTopic, thread, username, extras } = parts;
  return object([
    ["text", text && quoted("a decoy: the last member of a name counts")],
    ["message_id", messageId.json],
    ["from", senderJson(parts)],
    [
      "chat",
      object([
        ["id", chat.json],
        ["type", chatType?.json],
        ["username", username?.json],
      ]),
    ],
    ["is_topic_message", isTopic === undefined ? undefined : literal(isTopic)],
    ["message_thread_id", thread.json],
    ["caption", caption?.json],
    [content ?? "", content && literal("[]")],
    ...extras,
    ["text", text?.json],
  ]);
}

function senderJson({ from, languageCode }: MessageParts): JsonText | undefined {
  if (from === "nobody") return undefined;
  const [id, isBot] = PERSONS[from];
  return object([
    ["id", id],
    ["is_bot", literal(isBot)],
    ["language_code", languageCode?.json],
  ]);
}
