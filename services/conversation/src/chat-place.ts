import { isSubjectToken } from "@botfactory/event-store/subject-token";

/** A chat as subjects and documents name it. */
export interface ChatPlace {
  readonly botId: string;
  readonly chatKey: string;
}

export function conversationSubject({ botId, chatKey }: ChatPlace): string {
  return `conversations.${botId}.${chatKey}`;
}

export function updatesSubject({ botId, chatKey }: ChatPlace): string {
  return `updates.${botId}.${chatKey}`;
}

/** The chat an update's or an event's subject names; undefined for a subject of another shape. */
export function placeOf(subject: string): ChatPlace | undefined {
  const [, botId = "", chatKey = "", ...more] = subject.split(".");
  return isSubjectToken(botId) && isSubjectToken(chatKey) && more.length === 0 ? { botId, chatKey } : undefined;
}
