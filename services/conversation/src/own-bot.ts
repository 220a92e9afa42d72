import { DomainError } from "@botfactory/decider";
import { chatKey } from "@botfactory/encryption";
import type { Call } from "@botfactory/rpc";
import type { AnsweringBot, Bots } from "./bots-client.ts";
import type { ChatPlace } from "./chat-place.ts";

/** Id of the chat in the console that needs no Telegram. */
export const TEST_CHAT_ID = "test";

/** The caller's own bot; another owner's is "not found" just like one that does not exist. */
export async function ownBot(bots: Bots, botId: string, { caller }: Call): Promise<AnsweringBot> {
  const bot = /^[A-Za-z0-9_-]{1,64}$/.test(botId) ? await bots.find(botId) : undefined;
  if (bot === undefined || caller.kind !== "owner" || bot.ownerId !== caller.ownerId) {
    throw new DomainError("not-found", "bot_not_found");
  }
  return bot;
}

/** Where a chat with this id (`<chatId>`, `<chatId>:<threadId>` or `test`) is in the log. */
export function placeOfChat({ botId, ownerId, chatKeySecret }: AnsweringBot, chatId: string): ChatPlace {
  return { botId, chatKey: chatKey(chatKeySecret, chatId === TEST_CHAT_ID ? `test:${ownerId}` : chatId) };
}

export function invalidField(field: string, reason: string): DomainError {
  return new DomainError("invalid", "field_invalid", { params: { field, reason } });
}
