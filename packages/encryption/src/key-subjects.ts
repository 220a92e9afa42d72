import { isSubjectToken } from "@botfactory/event-store/subject-token";

/** The subject of the key that seals a bot's token and webhook secret. Throws on an id that would not be one token. */
export function botKeySubject(botId: string): string {
  return `keys.bot.${token(botId)}`;
}

/** The subject of the key that seals a chat's texts; destroying it forgets the chat. */
export function chatKeySubject(botId: string, chatKey: string): string {
  return `keys.chat.${token(botId)}.${token(chatKey)}`;
}

function token(id: string): string {
  if (!isSubjectToken(id)) throw new RangeError("an id in a subject is of letters, digits, _ and - only");
  return id;
}
