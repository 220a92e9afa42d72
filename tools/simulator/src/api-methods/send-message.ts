import { type Arguments, nested, text } from "../arguments.ts";
import { asUser } from "../bots.ts";
import { fields } from "../fields.ts";
import { isJson, type Json } from "../message.ts";
import { readReplyMarkup } from "../reply-markup.ts";
import { readReplyParameters, replyFields } from "../reply-parameters.ts";
import { badRequest } from "../telegram-error.ts";
import { finishText, readText } from "../text/formatted-text.ts";
import { chatToWrite, type Method, refuseIfBlocked } from "./call.ts";

/** The order of checks is Telegram's: a message wrong in two ways gets the same refusal as there. */
export const sendMessage: Method = (call) => {
  const { world, bot, args } = call;
  const preview = readLinkPreview(args);
  if (text(args, "text") === "") throw badRequest("message text is empty");
  const parsed = readText(args);
  const replyTo = readReplyParameters(args);
  const reply_markup = readReplyMarkup(args);
  const conversation = chatToWrite(call);
  const { text: body, entities } = finishText(parsed);
  const reply = replyFields(conversation, replyTo);
  refuseIfBlocked(conversation);
  const isInline = reply_markup?.["inline_keyboard"] !== undefined;
  const message = world.chats.append(bot, conversation, {
    from: asUser(bot),
    text: body,
    ...(entities.length > 0 && { entities }),
    ...reply,
    ...preview,
    ...(isInline && { reply_markup }),
  });
  // Reply keyboards belong to the chat, not to the message: Telegram does not answer with them.
  if (reply_markup && !isInline) world.chats.showKeyboard(bot, conversation, reply_markup);
  return { result: message };
};

/** Stored as given, when every field has its type. */
export function readLinkPreview(args: Arguments): Json {
  const given = nested(args, "link_preview_options", "link preview options");
  if (given === undefined) return {};
  if (!isJson(given)) throw badRequest("object expected as link preview options");
  const of = fields(given);
  for (const name of ["is_disabled", "prefer_small_media", "prefer_large_media", "show_above_text"]) of.boolean(name);
  of.string("url");
  return { link_preview_options: given };
}
