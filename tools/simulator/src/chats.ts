import type { Bot } from "./bots.ts";
import type { Changes } from "./changes.ts";
import type { Chat, Json, Message, User } from "./message.ts";

/** Minus the fields the store fills in. */
export interface NewMessage {
  readonly from: User;
  readonly [field: string]: unknown;
}

export interface Conversation {
  readonly chat: Chat;
  readonly messages: Message[];
  /** Bots that may write here: the one of a private chat, the members of a group. */
  readonly botIds: number[];
  nextMessageId: number;
  blocked: boolean;
  migratedTo: number | undefined;
  typing: { readonly botId: number; readonly action: string; readonly until: number } | undefined;
  /** The buttons under the text field, until a message takes them away. */
  keyboard: Json | undefined;
  draft: { readonly botId: number; readonly draftId: number; readonly text: string } | undefined;
}

// Bot API, sendChatAction: "for 5 seconds or less".
const TYPING_MS = 5_000;

/** A user's private chats with two bots have the same id but nothing else in common. */
const keyOf = (botId: number, chatId: number) => (chatId > 0 ? `${botId}:${chatId}` : `${chatId}`);

export type Chats = ReturnType<typeof chats>;

export function chats(known: ReadonlyMap<string, Conversation>, changes: Changes) {
  const byKey = new Map(known);

  function open(chat: Chat, botIds: readonly number[]): Conversation {
    const key = keyOf(botIds[0] ?? 0, chat.id);
    const conversation: Conversation = byKey.get(key) ?? {
      chat,
      messages: [],
      botIds: [...botIds],
      nextMessageId: 1,
      blocked: false,
      migratedTo: undefined,
      typing: undefined,
      draft: undefined,
      keyboard: undefined,
    };
    byKey.set(key, conversation);
    return conversation;
  }

  function append(bot: Bot, conversation: Conversation, message: NewMessage): Message {
    // Private chats share one counter per bot, groups count for themselves.
    const isPrivate = conversation.chat.type === "private";
    const message_id = isPrivate ? bot.nextMessageId++ : conversation.nextMessageId++;
    const stored: Message = { message_id, date: unixNow(), chat: conversation.chat, ...message };
    conversation.messages.push(stored);
    if (message.from.is_bot) {
      conversation.typing = undefined;
      conversation.draft = undefined;
    }
    announce("message", bot, stored);
    return stored;
  }

  function replace(bot: Bot, conversation: Conversation, message: Message): void {
    const index = conversation.messages.findIndex(({ message_id }) => message_id === message.message_id);
    conversation.messages[index] = message;
    announce("edited", bot, message);
  }

  function announce(kind: "message" | "edited", bot: Bot, message: Message): void {
    changes.emit({ kind, botId: bot.id, chatId: message.chat.id, message });
  }

  function showTyping(bot: Bot, conversation: Conversation, action: string): void {
    const until = Date.now() + TYPING_MS;
    conversation.typing = action === "cancel" ? undefined : { botId: bot.id, action, until };
    changes.emit({
      kind: "typing",
      botId: bot.id,
      chatId: conversation.chat.id,
      until: action === "cancel" ? 0 : until,
    });
  }

  function showDraft(bot: Bot, conversation: Conversation, draft: { draftId: number; text: string }): void {
    conversation.draft = { botId: bot.id, ...draft };
    changes.emit({ kind: "draft", botId: bot.id, chatId: conversation.chat.id, text: draft.text });
  }

  function showKeyboard(bot: Bot, conversation: Conversation, markup: Json): void {
    conversation.keyboard = markup["keyboard"] ? markup : undefined;
    const { keyboard, chat } = conversation;
    changes.emit({ kind: "keyboard", botId: bot.id, chatId: chat.id, keyboard });
  }

  return {
    open,
    append,
    replace,
    showTyping,
    showDraft,
    showKeyboard,
    find: (botId: number, chatId: number) => byKey.get(keyOf(botId, chatId)),
    ofBot: (botId: number) => [...byKey.values()].filter(({ botIds }) => botIds.includes(botId)),
    entries: () => byKey,
  };
}

export function unixNow(): number {
  return Math.floor(Date.now() / 1000);
}

export function typingNow({ typing }: Conversation): string | undefined {
  return typing && typing.until > Date.now() ? typing.action : undefined;
}

export function findMessage({ messages }: Conversation, messageId: number): Message | undefined {
  return messages.findLast(({ message_id }) => message_id === messageId);
}

/** Replies carry the message they answer, but never that one's own reply. */
export function asReplyTarget({ reply_to_message, ...message }: Message): Json {
  return message;
}
