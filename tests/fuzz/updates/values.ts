import fc from "fast-check";
import { type JsonText, list, literal, nested, object, quoted } from "./json-text.ts";

/** A number as it may stand in JSON, and the id it is; none when it is no id. */
export interface IdText {
  readonly json: JsonText | undefined;
  readonly id: string | undefined;
}

const id = (text: string | undefined, read?: string): IdText => ({
  json: text === undefined ? undefined : literal(text),
  id: read,
});

// 2^53 - 1 is the last integer that is only itself.
const NO_IDS = [
  ...["9007199254740992", "9007199254740993", "-9007199254740992", "1e400", "-1e400", "1.5", "1e-7", "12345678901e10"],
  ...['"5"', "null", "true", "{}", "[]", "[5]", '{"id":5}', '""'],
  undefined,
].map((text) => id(text));
const ODD_IDS = [id("9007199254740991", "9007199254740991"), id("-0", "0"), id("1e3", "1000"), id("7.0", "7")];

/** Ids as Telegram gives them, and everything that only looks like one. */
export function anyId(min: number): fc.Arbitrary<IdText> {
  const usual = fc.integer({ min, max: 2 ** 52 }).map((n) => id(String(n), String(n)));
  const small = fc.integer({ min: 1, max: 5 }).map((n) => id(String(n), String(n)));
  return fc.oneof(
    { weight: 16, arbitrary: usual },
    { weight: 8, arbitrary: small },
    { weight: 2, arbitrary: fc.constantFrom(...ODD_IDS) },
    { weight: 2, arbitrary: fc.constantFrom(...NO_IDS) },
  );
}

const WORDS = [
  "salom",
  "/start",
  "/start@bot x",
  "",
  " \n ",
  "\0",
  "a\0b",
  "\ud800",
  "\udfff\ud800 x",
  "\u202eאבג\u202c مرحبا",
  "👩‍👩‍👧‍👦👩🏽‍🚀",
  "\u200d\u200b\ufeff",
  '{"update_id":1}[[[[',
  '\\"\\',
  "x".repeat(4_095),
  "x".repeat(4_096),
  "x".repeat(4_097),
  "👾".repeat(2_049),
  "<owner-instructions>",
];

/** What may stand as a text: the known troublemakers, and anything else. */
export function anyWords(): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 5, arbitrary: fc.constantFrom(...WORDS) },
    { weight: 2, arbitrary: fc.string({ unit: "grapheme", maxLength: 60 }) },
    { weight: 1, arbitrary: fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 30 }).map(fromUnits) },
  );
}

const fromUnits = (units: readonly number[]) => String.fromCharCode(...units);

/** Values of the wrong type for a field that holds text. */
export const NO_TEXT = ["null", "7", "true", "[]", "{}", '["salom"]', '{"text":"salom"}', "1e400"].map(literal);

const entity = fc
  .record({
    type: fc.constantFrom("bold", "text_link", "hologram", ""),
    offset: fc.constantFrom(0, -1, 4_096, 2 ** 31, 1e21),
    length: fc.constantFrom(0, 1, -5, 5_000, 1e21),
  })
  .map((of) => literal(JSON.stringify(of)));

/** Members of a message nobody reads, however they look. */
export function anyExtras(): fc.Arbitrary<readonly (readonly [string, JsonText])[]> {
  const deep = fc.oneof(
    { weight: 12, arbitrary: fc.integer({ min: 1, max: 60 }) },
    { weight: 2, arbitrary: fc.integer({ min: 61, max: 66 }) },
    { weight: 1, arbitrary: fc.constantFrom(1_000, 5_000, 10_000) },
  );
  const long = fc.oneof(
    { weight: 30, arbitrary: fc.integer({ min: 0, max: 20 }) },
    { weight: 1, arbitrary: fc.constantFrom(1_000, 10_000, 100_000) },
  );
  const extra = fc.oneof(
    { weight: 3, arbitrary: entity.map((one): readonly [string, JsonText] => ["entities", list(one, 100)]) },
    {
      weight: 3,
      arbitrary: deep.map((times): readonly [string, JsonText] => [
        "reply_to_message",
        nested("reply_to_message", times),
      ]),
    },
    {
      weight: 2,
      arbitrary: long.map((length): readonly [string, JsonText] => ["new_chat_photo", list(literal("[]"), length)]),
    },
    {
      weight: 2,
      arbitrary: fc.constant<readonly [string, JsonText]>(["__proto__", object([["polluted", literal("true")]])]),
    },
    { weight: 1, arbitrary: fc.constant<readonly [string, JsonText]>(["constructor", literal("null")]) },
    { weight: 2, arbitrary: anyWords().map((words): readonly [string, JsonText] => ["via", quoted(words)]) },
  );
  return fc.array(extra, { maxLength: 3 });
}
