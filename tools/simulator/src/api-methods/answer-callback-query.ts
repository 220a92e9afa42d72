import { flag, text } from "../arguments.ts";
import { badRequest } from "../telegram-error.ts";
import { type Method, yes } from "./call.ts";

// Bot API, answerCallbackQuery: text is 0–200 characters.
const MAX_TEXT_LENGTH = 200;

export const answerCallbackQuery: Method = ({ world, bot, args }) => {
  const notice = text(args, "text");
  if (notice.length > MAX_TEXT_LENGTH) throw badRequest("MESSAGE_TOO_LONG");
  const chatId = world.callbackQueries.answer(bot.id, text(args, "callback_query_id"));
  if (chatId === undefined) {
    throw badRequest("query is too old and response timeout expired or query ID is invalid");
  }
  const alert = flag(args, "show_alert");
  world.changes.emit({ kind: "callback-answered", botId: bot.id, chatId, text: notice, alert });
  return yes;
};
