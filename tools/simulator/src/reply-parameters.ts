import { type Arguments, flag, integer, nested } from "./arguments.ts";
import { asReplyTarget, type Conversation, findMessage } from "./chats.ts";
import { fields } from "./fields.ts";
import { isJson, type Json } from "./message.ts";
import { badRequest } from "./telegram-error.ts";

export interface ReplyWish {
  readonly messageId: number;
  readonly allowWithout: boolean;
  readonly quote: string | undefined;
}

export function readReplyParameters(args: Arguments): ReplyWish | undefined {
  const given = nested(args, "reply_parameters", "reply parameters");
  if (given === undefined) return legacy(args);
  if (!isJson(given)) throw badRequest("object expected as reply parameters");
  if (Object.keys(given).length === 0) return undefined;
  const of = fields(given);
  return {
    messageId: of.requiredInteger("message_id"),
    allowWithout: of.boolean("allow_sending_without_reply") ?? false,
    quote: of.string("quote"),
  };
}

function legacy(args: Arguments): ReplyWish | undefined {
  const messageId = integer(args, "reply_to_message_id", { default: 0, min: 0 });
  const allowWithout = flag(args, "allow_sending_without_reply");
  return messageId > 0 ? { messageId, allowWithout, quote: undefined } : undefined;
}

/** The fields a reply adds to the message. */
export function replyFields(conversation: Conversation, wish: ReplyWish | undefined): Json {
  if (!wish) return {};
  const target = findMessage(conversation, wish.messageId);
  if (!target) {
    if (wish.allowWithout) return {};
    throw badRequest("message to be replied not found");
  }
  if (wish.quote === undefined || wish.quote === "") return { reply_to_message: asReplyTarget(target) };
  const position = target.text?.indexOf(wish.quote) ?? -1;
  if (position < 0) throw badRequest("QUOTE_TEXT_INVALID");
  return { reply_to_message: asReplyTarget(target), quote: { text: wish.quote, position, is_manual: true } };
}
