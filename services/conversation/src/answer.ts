import { crashPoint } from "@botfactory/crash-points";
import type { ChatIdentity } from "@botfactory/proto/events/v1/conversation";
import type { Logger } from "@botfactory/service-kit";
import { LRUCache } from "lru-cache";
import type { Bots } from "./bots-client.ts";
import type { ChatLog } from "./chat-log.ts";
import { type ChatPlace, conversationSubject } from "./chat-place.ts";
import type { ChatTexts } from "./chat-texts.ts";
import type { Deliver } from "./deliver.ts";
import type { Conversation, Turn } from "./domain/conversation-state.ts";
import type { OutgoingText, Speaker, Telegram } from "./telegram.ts";
import { OVER, recordTurn, type TurnOutcome } from "./turn-outcomes.ts";
import { typing } from "./typing.ts";
import type { OpenTurn, WriteReply, WrittenReply } from "./write-reply.ts";

export interface AnsweringOptions {
  readonly chats: ChatLog;
  readonly texts: ChatTexts;
  readonly bots: Pick<Bots, "find">;
  readonly telegram: Telegram;
  readonly write: WriteReply;
  readonly deliver: Deliver;
  readonly logger: Logger;
}

export type Answer = (place: ChatPlace, state: Conversation) => Promise<TurnOutcome>;

const DRAFTS_KEPT = 1_000;

/** The life of a claimed turn: write once, then send. Safe to run again after a crash at any line. */
export function answering({ chats, texts, bots, telegram, write, deliver, logger }: AnsweringOptions): Answer {
  // What the model wrote while the log was away: it is not asked again.
  const written = new LRUCache<string, WrittenReply>({ max: DRAFTS_KEPT });

  return async function answer(place, { turn, past, sealedIdentity }) {
    if (turn === undefined || sealedIdentity === undefined) return OVER;
    const subject = conversationSubject(place);
    const bot = await bots.find(place.botId);
    const to = addressee(await texts.openIdentity(place, sealedIdentity), turn);
    if (bot === undefined || to === undefined)
      return giveUp(place, turn, bot === undefined ? "bot_not_found" : "chat_not_found");

    const stopTyping = typing(() => telegram.showTyping(bot, to));
    try {
      const drafted = turn.draft === undefined ? await draft(subject, { place, bot, turn, past }) : turn;
      const text = await texts.open(place, drafted.draft?.sealedText ?? new Uint8Array());
      return await deliver({ place, turn: drafted, speaker: speakerOf(bot), to, text: text ?? "" });
    } finally {
      stopTyping();
    }
  };

  async function draft(subject: string, open: OpenTurn): Promise<Turn> {
    const { turnId, workerId } = open.turn;
    const reply = written.get(turnId) ?? (await write(open));
    written.set(turnId, reply);
    crashPoint("wrk.afterGemini");
    const { state } = await chats.handle(subject, { type: "DraftReply", turnId, workerId, ...reply });
    crashPoint("wrk.afterReplyGenerated");
    return state.turn ?? open.turn;
  }

  async function giveUp(place: ChatPlace, turn: Turn, code: string): Promise<TurnOutcome> {
    const { turnId, workerId } = turn;
    await chats.handle(conversationSubject(place), { type: "GiveUpDelivery", turnId, workerId, code });
    recordTurn(logger, { place, turn }, { outcome: "undeliverable", cause: code });
    return OVER;
  }
}

/** Where the reply goes; nowhere when the chat's key is gone. */
function addressee(identity: ChatIdentity | undefined, turn: Turn): Omit<OutgoingText, "text"> | undefined {
  if (identity === undefined) return undefined;
  const { chatId, threadId, type } = identity;
  // Where many write, an answer must show which words it answers.
  return { chatId, threadId, replyTo: type === "private" ? "" : (turn.updates[0]?.messageId ?? "") };
}

function speakerOf({ botId, telegramToken }: Speaker): Speaker {
  return { botId, telegramToken };
}
