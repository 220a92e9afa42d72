import { replyPhrase } from "@botfactory/phrases";
import type { Language } from "@botfactory/proto/events/v1/account";
import type { ChatIdentity } from "@botfactory/proto/events/v1/conversation";
import type { Logger } from "@botfactory/service-kit";
import type { NatsConnection } from "nats";
import { type AnsweringBot, type Bots, silenceOf } from "./bots-client.ts";
import type { ChatLog } from "./chat-log.ts";
import { type ChatPlace, conversationSubject } from "./chat-place.ts";
import type { ChatTexts } from "./chat-texts.ts";
import type { WaitingUpdate } from "./domain/next-step.ts";
import { languageOf } from "./language.ts";
import { quarantineCopy } from "./quarantine-copy.ts";
import { replyLanguage } from "./reply-languages.ts";
import { turnUpdate } from "./start-turn.ts";
import type { OpenChat } from "./take-over.ts";
import type { Telegram } from "./telegram.ts";
import { recordTurn } from "./turn-outcomes.ts";
import { inTraceOf, type UpdateQueue } from "./waiting-updates.ts";

export interface QuarantineOptions {
  readonly nats: NatsConnection;
  readonly workerId: string;
  readonly chats: ChatLog;
  readonly texts: ChatTexts;
  readonly queue: UpdateQueue;
  readonly bots: Pick<Bots, "find">;
  readonly telegram: Telegram;
  readonly logger: Logger;
}

const CODE = "internal";

/** Sets aside what a chat cannot get past: a copy of its updates for people, an end of the turn, a word to the person. */
export function quarantining(options: QuarantineOptions) {
  const { nats, workerId, chats, texts, queue, logger } = options;
  const copy = quarantineCopy(nats, queue, { code: CODE, by: "conversation" });
  const apologize = apologizer(options);

  return async function setAside(place: ChatPlace, attempts: number): Promise<void> {
    const { state } = await chats.load(conversationSubject(place));
    const { turn } = state;
    if (turn !== undefined && turn.workerId !== workerId) return;
    const next = turn === undefined ? (await queue.waiting(place, state))[0] : undefined;
    const first = turn?.updates[0] ?? next;
    await inTraceOf(queue, first?.streamSequence, async () => {
      if (turn !== undefined) await setAsideTurn(place, { ...state, turn }, attempts);
      else if (next !== undefined) await setAsideNext(place, next, state.language);
    });
  };

  async function setAsideTurn(place: ChatPlace, { turn, sealedIdentity }: OpenChat, attempts: number): Promise<void> {
    const { turnId, language, updates } = turn;
    for (const { streamSequence } of updates) await copy(place, streamSequence);
    const command = { type: "QuarantineTurn" as const, turnId, workerId, code: CODE, attempts };
    await chats.handle(conversationSubject(place), command);
    recordTurn(logger, { place, turn }, { outcome: "quarantined" });
    const chat = sealedIdentity && (await texts.openIdentity(place, sealedIdentity).catch(() => undefined));
    await apologize(place, { chat, inLanguage: () => language });
  }

  async function setAsideNext(place: ChatPlace, next: WaitingUpdate, ofChat: Language): Promise<void> {
    await copy(place, next.streamSequence);
    const updates = [turnUpdate(next)];
    const command = { type: "PassOverUpdates" as const, updates, reason: "quarantined" };
    await chats.handle(conversationSubject(place), command);
    recordTurn(logger, { place, turn: { updates } }, { outcome: "quarantined" });
    const { content } = next;
    if (content.kind === "pass-over") return;
    const words = content.kind === "text" ? content.text : "";
    const { languageCode, chat } = content;
    const inLanguage = (bot: AnsweringBot) => languageOf(words, { ofChat, languageCode, ofBot: bot.language });
    await apologize(place, { chat, inLanguage });
  }
}

/** Only a courtesy: what broke the turn may break this too, and it is not tried again. */
function apologizer({ bots, telegram }: Pick<QuarantineOptions, "bots" | "telegram">) {
  return async ({ botId }: ChatPlace, { chat, inLanguage }: Addressee): Promise<void> => {
    const bot = await bots.find(botId).catch(() => undefined);
    if (bot === undefined || silenceOf(bot) !== undefined || chat === undefined) return;
    const text = replyPhrase(replyLanguage(inLanguage(bot)), "turn_failed");
    const { chatId, threadId } = chat;
    await telegram.send(bot, { chatId, threadId, text, replyTo: "" }).catch(() => undefined);
  };
}

/** Who waits for an answer that will not come. */
interface Addressee {
  readonly chat: Pick<ChatIdentity, "chatId" | "threadId"> | undefined;
  readonly inLanguage: (bot: AnsweringBot) => Language;
}
