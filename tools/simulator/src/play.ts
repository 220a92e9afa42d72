import { asUser, type Bot } from "./bots.ts";
import { CALLBACK_LIVES_MS } from "./callback-queries.ts";
import { asReplyTarget, type Conversation, findMessage, unixNow } from "./chats.ts";
import { isJson, type Json, type Message, type User } from "./message.ts";
import { TelegramError } from "./telegram-error.ts";
import type { FormattedText } from "./text/clean-text.ts";
import { finishText } from "./text/formatted-text.ts";
import { privateChat } from "./users.ts";
import type { World } from "./world.ts";

/** Telegram keeps an update for 24 hours after its message. */
const MESSAGE_LIVES_MS = 24 * 60 * 60 * 1000;

export interface Said {
  readonly message: Message;
  /** Undefined when the bot does not get this update (allowed_updates, privacy mode). */
  readonly updateId: number | undefined;
}

/** What a user can do in this Telegram; each turns into the update the bot would get. */
export function play(world: World) {
  const livesMs = MESSAGE_LIVES_MS * world.rules.retryScale;

  function conversationOf(bot: Bot, user: User, chatId: number | undefined): Conversation {
    if (chatId === undefined || chatId === user.id) return world.chats.open(privateChat(user), [bot.id]);
    const group = world.chats.find(bot.id, chatId);
    if (!group) throw new Error(`no group ${chatId}: create it first`);
    return group;
  }

  function send(bot: Bot, user: User, { chatId, ...fields }: Json & { chatId?: number | undefined }): Said {
    const conversation = conversationOf(bot, user, chatId);
    const message = world.chats.append(bot, conversation, {
      from: user,
      ...fields,
      ...textOf(fields),
      ...replyOf(conversation, fields),
    });
    return { message, updateId: deliver(bot, conversation, { kind: "message", message }) };
  }

  function edit(bot: Bot, user: User, { chatId, messageId, text }: EditWish): Said {
    const conversation = conversationOf(bot, user, chatId);
    const before = findMessage(conversation, messageId);
    if (before?.from.id !== user.id) throw new Error(`user ${user.id} wrote no message ${messageId} here`);
    const { entities: _entities, ...kept } = before;
    const message: Message = { ...kept, ...textOf({ text }), edit_date: unixNow() };
    world.chats.replace(bot, conversation, message);
    return { message, updateId: deliver(bot, conversation, { kind: "edited_message", message }) };
  }

  /** To every bot of the chat that hears it; answers the update's id for the one that was asked about. */
  function deliver(asked: Bot, conversation: Conversation, { kind, message }: Heard): number | undefined {
    const hearing = conversation.botIds.flatMap((id) => world.bots.get(id) ?? []);
    const ids = hearing.map((bot) => {
      const queue = `chat:${message.chat.id}`;
      const id = hears(bot, conversation, message)
        ? world.updates.push(bot, { kind, body: message, queue, livesMs })
        : undefined;
      return [bot.id, id] as const;
    });
    return new Map(ids).get(asked.id);
  }

  function press(bot: Bot, user: User, { chatId, messageId, data }: PressWish): PressResult {
    const conversation = conversationOf(bot, user, chatId);
    const message = findMessage(conversation, messageId);
    if (!message) throw new Error(`no message ${messageId} in this chat`);
    const id = world.callbackQueries.ask(bot.id, conversation.chat.id);
    const body = { id, from: user, message, chat_instance: String(conversation.chat.id), data };
    const queue = `callbacks-of:${user.id}`;
    const updateId = world.updates.push(bot, { kind: "callback_query", body, queue, livesMs: CALLBACK_LIVES_MS });
    return { callbackQueryId: id, updateId };
  }

  function block(bot: Bot, user: User, blocked: boolean): number | undefined {
    const conversation = conversationOf(bot, user, undefined);
    if (conversation.blocked === blocked) return undefined;
    conversation.blocked = blocked;
    const status = (kicked: boolean) => ({
      user: asUser(bot),
      status: kicked ? "kicked" : "member",
      ...(kicked && { until_date: 0 }),
    });
    const body = {
      chat: conversation.chat,
      from: user,
      date: unixNow(),
      old_chat_member: status(!blocked),
      new_chat_member: status(blocked),
    };
    return world.updates.push(bot, { kind: "my_chat_member", body, queue: `membership:${user.id}`, livesMs });
  }

  /** Any update at all, with only its id and queue given by Telegram. */
  function raw(bot: Bot, update: Json): number | undefined {
    const [kind = "message"] = Object.keys(update).filter((name) => name !== "update_id");
    return world.updates.push(bot, { kind, body: update[kind], queue: queueOf(update[kind]), livesMs });
  }

  return { send, edit, press, block, raw };
}

interface Heard {
  readonly kind: "message" | "edited_message";
  readonly message: Message;
}

export interface EditWish {
  readonly chatId?: number | undefined;
  readonly messageId: number;
  readonly text: string;
}

export interface PressWish {
  readonly chatId?: number | undefined;
  readonly messageId: number;
  readonly data: string;
}

export interface PressResult {
  readonly callbackQueryId: string;
  readonly updateId: number | undefined;
}

function textOf({ text, entities }: Json): Json {
  if (typeof text !== "string" || entities !== undefined) return {};
  const read = asClientSends(text);
  return read.entities.length > 0 ? { text: read.text, entities: read.entities } : { text: read.text };
}

function asClientSends(text: string): FormattedText {
  try {
    return finishText({ text, entities: [] });
  } catch (error) {
    // A person's client would not send this; a test that does gets it through unchanged.
    if (error instanceof TelegramError) return { text, entities: [] };
    throw error;
  }
}

function replyOf(conversation: Conversation, { reply_to_message_id: id }: Json): Json {
  const target = typeof id === "number" ? findMessage(conversation, id) : undefined;
  return target ? { reply_to_message: asReplyTarget(target), reply_to_message_id: undefined } : {};
}

/** Privacy mode: in groups a bot sees commands, mentions of itself and replies to itself. */
function hears(bot: Bot, { chat }: Conversation, message: Message): boolean {
  if (chat.type === "private") return true;
  if (bot.readsAllGroupMessages || message.reply_to_message?.from.id === bot.id) return true;
  const text = message.text ?? "";
  return text.startsWith("/") || text.toLowerCase().includes(`@${bot.username.toLowerCase()}`);
}

function queueOf(body: unknown): string {
  const { chat, from, message } = isJson(body) ? body : {};
  if (message !== undefined && isJson(from)) return `callbacks-of:${from["id"]}`;
  return isJson(chat) ? `chat:${chat["id"]}` : "other";
}
