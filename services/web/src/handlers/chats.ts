import type { Chat as ChatMessage, Message as MessageMessage } from "@botfactory/proto/conversation/v1/conversation";
import type { Chat, Message } from "../api/chat.ts";
import { issueOf } from "../issue.ts";
import type { Services } from "../services.ts";
import { type ApiCall, asOwner, type Handlers } from "./handler.ts";
import { AUTHOR_WORDS, isoTime, isoTimeOrNull, orNull, positiveOrNull, STATUS_WORDS } from "./words.ts";

type ChatHandlers = Pick<Handlers, "listChats" | "listMessages">;

export function chatHandlers({ conversation }: Services): ChatHandlers {
  return {
    async listChats({ params, query }, call) {
      const page = await conversation.listChats(
        { botId: params.botId, pageSize: query.pageSize ?? 0, pageToken: query.pageToken ?? "" },
        asOwner(call),
      );
      return { chats: page.chats.map(toChat), nextPageToken: orNull(page.nextPageToken) };
    },

    async listMessages({ params, query }, call) {
      const page = await conversation.listMessages(
        { ...params, pageSize: query.pageSize ?? 0, pageToken: query.pageToken ?? "" },
        asOwner(call),
      );
      const messages = page.messages.map((message) => toMessage(message, call));
      return { messages, nextPageToken: orNull(page.nextPageToken) };
    },
  };
}

function toChat(chat: ChatMessage): Chat {
  const { id, type, title, messages, lastText } = chat;
  return {
    id,
    type,
    title,
    username: orNull(chat.username),
    messages,
    lastMessageAt: isoTimeOrNull(chat.lastMessageAtUnixMs),
    lastText,
  };
}

function toMessage(message: MessageMessage, { language }: ApiCall): Message {
  return {
    id: message.id,
    author: AUTHOR_WORDS[message.author],
    text: message.text,
    status: STATUS_WORDS[message.status],
    problem: issueOf(language, message.problemCode),
    at: isoTime(message.atUnixMs),
    model: orNull(message.model),
    promptVersion: positiveOrNull(message.promptVersion),
    tokens: positiveOrNull(message.tokens),
  };
}
