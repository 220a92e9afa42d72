import { replyPhrase } from "@botfactory/phrases";
import type { Language } from "@botfactory/proto/events/v1/account";
import type { ChatIdentity } from "@botfactory/proto/events/v1/conversation";
import type { NatsConnection } from "nats";
import { type AnsweringBot, type Bots, silenceOf } from "./bots-client.ts";
import type { ChatLog } from "./chat-log.ts";
import { type ChatPlace, conversationSubject } from "./chat-place.ts";
import type { ChatTexts } from "./chat-texts.ts";
import { languageOf } from "./language.ts";
import { quarantineCopy } from "./quarantine-copy.ts";
import { replyLanguage } from "./reply-languages.ts";
import { turnUpdate } from "./start-turn.ts";
import type { Telegram } from "./telegram.ts";
import { countTurn } from "./turn-outcomes.ts";
import type { UpdateQueue } from "./waiting-updates.ts";

export interface QuarantineOptions {
  readonly nats: NatsConnection;
  readonly workerId: string;
  readonly chats: ChatLog;
  readonly texts: ChatTexts;
  readonly queue: UpdateQueue;
  readonly bots: Pick<Bots, "find">;
  readonly telegram: Telegram;
}

const CODE = "internal";

/** Sets aside what a chat cannot get past: a copy of its updates for people, an end of the turn, a word to the person. */
export function quarantining({ nats, workerId, chats, texts, queue, bots, telegram }: QuarantineOptions) {
  const copy = quarantineCopy(nats, queue, { code: CODE, by: "conversation" });

  return async function setAside(place: ChatPlace, attempts: number): Promise<void> {
    const subject = conversationSubject(place);
    const { state } = await chats.load(subject);
    const { turn } = state;
    if (turn === undefined) return setAsideNext(place);
    if (turn.workerId !== workerId) return;
    for (const { streamSequence } of turn.updates) await copy(place, streamSequence);
    await chats.handle(subject, { type: "QuarantineTurn", turnId: turn.turnId, workerId, code: CODE, attempts });
    countTurn("quarantined");
    const chat = state.sealedIdentity && (await texts.openIdentity(place, state.sealedIdentity).catch(() => undefined));
    await apologize(place, { chat, inLanguage: () => turn.language });
  };

  async function setAsideNext(place: ChatPlace): Promise<void> {
    const { state } = await chats.load(conversationSubject(place));
    const [next] = await queue.waiting(place, state);
    if (next === undefined) return;
    await copy(place, next.streamSequence);
    const command = { type: "PassOverUpdates" as const, updates: [turnUpdate(next)], reason: "quarantined" };
    await chats.handle(conversationSubject(place), command);
    countTurn("quarantined");
    const { content } = next;
    if (content.kind === "pass-over") return;
    const words = content.kind === "text" ? content.text : "";
    const { languageCode, chat } = content;
    const inLanguage = (bot: AnsweringBot) =>
      languageOf(words, { ofChat: state.language, languageCode, ofBot: bot.language });
    await apologize(place, { chat, inLanguage });
  }

  /** Only a courtesy: what broke the turn may break this too, and it is not tried again. */
  async function apologize({ botId }: ChatPlace, { chat, inLanguage }: Addressee): Promise<void> {
    const bot = await bots.find(botId).catch(() => undefined);
    if (bot === undefined || silenceOf(bot) !== undefined || chat === undefined) return;
    const text = replyPhrase(replyLanguage(inLanguage(bot)), "turn_failed");
    const { chatId, threadId } = chat;
    await telegram.send(bot, { chatId, threadId, text, replyTo: "" }).catch(() => undefined);
  }
}

/** Who waits for an answer that will not come. */
interface Addressee {
  readonly chat: Pick<ChatIdentity, "chatId" | "threadId"> | undefined;
  readonly inLanguage: (bot: AnsweringBot) => Language;
}
