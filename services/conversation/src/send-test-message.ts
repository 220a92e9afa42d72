import { DomainError } from "@botfactory/decider";
import { replyPhrase } from "@botfactory/phrases";
import {
  type SendTestMessageRequest,
  SendTestMessageResponseSchema,
} from "@botfactory/proto/conversation/v1/conversation";
import { create } from "@bufbuild/protobuf";
import type { AnsweringBot, Bots } from "./bots-client.ts";
import type { ChatLog } from "./chat-log.ts";
import { conversationSubject } from "./chat-place.ts";
import type { ChatTexts } from "./chat-texts.ts";
import { readable } from "./domain/incoming-update.ts";
import { LONGEST_TEXT } from "./domain/next-step.ts";
import { invalidField, placeOfChat } from "./own-bot.ts";
import { replyLanguage } from "./reply-languages.ts";
import type { Telegram } from "./telegram.ts";
import type { TelegramFailure } from "./telegram-failure.ts";

export interface TestMessageOptions {
  readonly chats: ChatLog;
  readonly texts: ChatTexts;
  readonly bots: Bots;
  readonly telegram: Telegram;
}

/** Sends the owner's words into a Telegram chat and notes them there. */
export function testMessageSender({ chats, texts, bots, telegram }: TestMessageOptions) {
  return async (bot: AnsweringBot, request: SendTestMessageRequest) => {
    const to = addressee(request.chatId);
    const text = wordsOf(bot, request.text);
    const first = await telegram.send(bot, { ...to, text });
    const outcome = first.kind === "migrated" ? await telegram.send(bot, { ...to, chatId: first.chatId, text }) : first;
    if (outcome.kind === "revoked") await bots.reportTokenRevoked(bot.botId);
    if (outcome.kind !== "sent") throw refused(outcome);
    const place = placeOfChat(bot, request.chatId);
    const { messageId } = outcome;
    const sealedText = await texts.seal(place, text);
    await chats.handle(conversationSubject(place), { type: "RecordTestMessage", messageId, sealedText });
    return create(SendTestMessageResponseSchema, { messageId });
  };
}

function addressee(id: string) {
  const [, chatId, threadId = ""] = /^(-?\d{1,16})(?::(\d{1,16}))?$/.exec(id) ?? [];
  if (chatId === undefined) throw invalidField("chat_id", "12345");
  return { chatId, threadId, replyTo: "" };
}

function wordsOf(bot: AnsweringBot, given: string): string {
  const text = readable(given);
  if (text.length > LONGEST_TEXT) throw invalidField("text", `1–${LONGEST_TEXT}`);
  return text === "" ? replyPhrase(replyLanguage(bot.language), "test_greeting") : text;
}

function refused(failure: TelegramFailure): DomainError {
  switch (failure.kind) {
    case "wait":
      return new DomainError("exhausted", "telegram_rate_limited", {
        params: { seconds: String(Math.ceil(failure.ms / 1_000)) },
      });
    case "refused":
      return new DomainError("conflict", failure.code);
    case "revoked":
      return new DomainError("conflict", "token_revoked");
    case "migrated":
      return new DomainError("conflict", "telegram_chat_not_found");
    case "unreached":
    case "doubtful":
      return new DomainError("unavailable", "telegram_unreachable");
  }
}
