import { type Arguments, text } from "../arguments.ts";
import type { Bot } from "../bots.ts";
import type { Conversation } from "../chats.ts";
import { badRequest, TelegramError } from "../telegram-error.ts";
import type { World } from "../world.ts";

/** One call of a Bot API method by an authenticated bot. */
export interface Call {
  readonly world: World;
  readonly bot: Bot;
  readonly args: Arguments;
  readonly signal: AbortSignal;
}

export interface Answer {
  readonly result: unknown;
  readonly description?: string;
}

export type Method = (call: Call) => Answer | Promise<Answer>;

export const yes: Answer = { result: true };

/** The chat a call names, if this bot may write there. */
export function chatToWrite({ world, bot, args }: Call): Conversation {
  const conversation = chatToRead({ world, bot, args });
  const { chat, botIds, migratedTo } = conversation;
  if (migratedTo !== undefined) {
    throw badRequest("group chat was upgraded to a supergroup chat", { migrate_to_chat_id: migratedTo });
  }
  if (chat.type !== "private" && !botIds.includes(bot.id)) {
    throw new TelegramError(403, `Forbidden: bot was kicked from the ${chat.type} chat`);
  }
  return conversation;
}

export function chatToRead({ world, bot, args }: Pick<Call, "world" | "bot" | "args">): Conversation {
  const given = text(args, "chat_id");
  if (given === "") throw badRequest("chat_id is empty");
  const conversation = world.chats.find(bot.id, Number(given));
  if (!conversation) throw badRequest("chat not found");
  return conversation;
}

/** Telegram's server says this last, after every check of the content. */
export function refuseIfBlocked({ blocked }: Conversation): void {
  if (blocked) throw new TelegramError(403, "Forbidden: bot was blocked by the user");
}
