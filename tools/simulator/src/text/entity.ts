import { fields } from "../fields.ts";
import { isJson, type Json, type MessageEntity } from "../message.ts";
import { badRequest } from "../telegram-error.ts";

const PLAIN = new Set([
  "bold",
  "italic",
  "underline",
  "strikethrough",
  "spoiler",
  "code",
  "blockquote",
  "expandable_blockquote",
]);
/** Telegram finds these by itself and ignores what a bot says about them. */
const FOUND = new Set([
  "mention",
  "hashtag",
  "cashtag",
  "bot_command",
  "url",
  "email",
  "phone_number",
  "bank_card_number",
]);

const fail = (message: string) => badRequest(`can't parse MessageEntity: ${message}`);

/** Refuses as Client::get_text_entity does; the offsets themselves are judged together with the text. */
export function readEntities(input: unknown): readonly MessageEntity[] {
  if (!Array.isArray(input)) return [];
  return input.flatMap((item: unknown) => readEntity(item) ?? []);
}

function readEntity(item: unknown): MessageEntity | undefined {
  if (!isJson(item)) throw fail("expected an Object");
  const of = fields(item, fail);
  const [offset, length] = [of.requiredInteger("offset"), of.requiredInteger("length")];
  const type = of.requiredString("type");
  if (FOUND.has(type)) return undefined;
  return { type, offset, length, ...details(type, item) };
}

function details(type: string, item: Json): Omit<MessageEntity, "type" | "offset" | "length"> {
  const of = fields(item, fail);
  if (PLAIN.has(type)) return {};
  switch (type) {
    case "pre": {
      const language = of.string("language");
      return language ? { language } : {};
    }
    case "text_link":
      return { url: of.requiredString("url") };
    case "text_mention": {
      if (!isJson(item["user"])) throw fail('Can\'t find field "user"');
      fields(item["user"], fail).requiredInteger("id");
      return { user: item["user"] };
    }
    case "custom_emoji":
      return { custom_emoji_id: of.requiredString("custom_emoji_id") };
    default:
      throw fail("Unsupported type specified");
  }
}
