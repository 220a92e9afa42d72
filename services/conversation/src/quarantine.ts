import { replyPhrase } from "@botfactory/phrases";
import { headers, type NatsConnection } from "nats";
import type { Bots } from "./bots-client.ts";
import type { ChatLog } from "./chat-log.ts";
import { type ChatPlace, conversationSubject } from "./chat-place.ts";
import type { ChatTexts } from "./chat-texts.ts";
import type { Turn } from "./domain/conversation-state.ts";
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
  return async function setAside(place: ChatPlace, attempts: number): Promise<void> {
    const subject = conversationSubject(place);
    const { state } = await chats.load(subject);
    const { turn } = state;
    if (turn === undefined) return setAsideNext(place);
    if (turn.workerId !== workerId) return;
    for (const { streamSequence } of turn.updates) await copy(place, streamSequence);
    await chats.handle(subject, { type: "QuarantineTurn", turnId: turn.turnId, workerId, code: CODE, attempts });
    countTurn("quarantined");
    // Only a courtesy: what broke the turn may break this too, and it is not tried again.
    await apologize(place, turn, state.sealedIdentity).catch(() => undefined);
  };

  async function setAsideNext(place: ChatPlace): Promise<void> {
    const { state } = await chats.load(conversationSubject(place));
    const [next] = await queue.waiting(place, state);
    if (next === undefined) return;
    await copy(place, next.streamSequence);
    const command = { type: "PassOverUpdates" as const, updates: [turnUpdate(next)], reason: "quarantined" };
    await chats.handle(conversationSubject(place), command);
  }

  async function copy({ botId }: ChatPlace, sequence: bigint): Promise<void> {
    const update = await queue.at(sequence);
    if (update === undefined) return;
    const reason = headers();
    reason.set("Quarantine-Reason", CODE);
    const msgID = `conversation:${botId}:${sequence}`;
    await nats.jetstream().publish(`quarantine.conversation.${botId}`, update.body, { msgID, headers: reason });
  }

  async function apologize(place: ChatPlace, turn: Turn, sealed: Uint8Array | undefined): Promise<void> {
    const bot = await bots.find(place.botId);
    const chat = sealed && (await texts.openIdentity(place, sealed));
    if (bot === undefined || chat === undefined) return;
    const text = replyPhrase(replyLanguage(turn.language), "turn_failed");
    await telegram.send(bot, { chatId: chat.chatId, threadId: chat.threadId, text, replyTo: "" });
  }
}
