import { isDeepStrictEqual } from "node:util";
import { integer, text } from "../arguments.ts";
import { findMessage, unixNow } from "../chats.ts";
import type { Message } from "../message.ts";
import { readReplyMarkup } from "../reply-markup.ts";
import { badRequest } from "../telegram-error.ts";
import { finishText, readText } from "../text/formatted-text.ts";
import { chatToWrite, type Method, refuseIfBlocked } from "./call.ts";
import { readLinkPreview } from "./send-message.ts";

const NOT_MODIFIED =
  "message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message";

export const editMessageText: Method = (call) => {
  const { world, bot, args } = call;
  const preview = readLinkPreview(args);
  if (text(args, "text") === "") throw badRequest("message text is empty");
  const parsed = readText(args);
  const reply_markup = readReplyMarkup(args);
  const conversation = chatToWrite(call);
  const message = findMessage(conversation, integer(args, "message_id", { default: 0, min: 0 }));
  if (!message) throw badRequest("message to edit not found");
  if (message.from.id !== bot.id) throw badRequest("message can't be edited");
  const { text: body, entities } = finishText(parsed);
  refuseIfBlocked(conversation);
  const edited: Message = {
    ...withoutContent(message),
    text: body,
    ...(entities.length > 0 && { entities }),
    ...preview,
    ...(reply_markup && { reply_markup }),
    edit_date: unixNow(),
  };
  if (isSame(message, edited)) throw badRequest(NOT_MODIFIED);
  world.chats.replace(bot, conversation, edited);
  return { result: edited };
};

function withoutContent({ text: _text, entities, reply_markup, link_preview_options, ...rest }: Message): Message {
  return rest;
}

function isSame(a: Message, b: Message): boolean {
  return (
    a.text === b.text &&
    isDeepStrictEqual(a.entities ?? [], b.entities ?? []) &&
    isDeepStrictEqual(a.reply_markup, b.reply_markup)
  );
}
