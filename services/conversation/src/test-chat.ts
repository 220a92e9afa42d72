import { DomainError } from "@botfactory/decider";
import { lanes } from "@botfactory/event-store";
import { type TestChatRequest, TestChatResponseSchema } from "@botfactory/proto/conversation/v1/conversation";
import { TurnSource, TurnUpdateSchema } from "@botfactory/proto/events/v1/conversation";
import { create } from "@bufbuild/protobuf";
import { v7 as newUpdateId } from "uuid";
import type { AnsweringBot } from "./bots-client.ts";
import type { ChatLog } from "./chat-log.ts";
import { type ChatPlace, conversationSubject } from "./chat-place.ts";
import type { ChatTexts } from "./chat-texts.ts";
import { CLAIM_LOST } from "./domain/conversation.ts";
import type { Conversation, Turn } from "./domain/conversation-state.ts";
import { readable } from "./domain/incoming-update.ts";
import { LONGEST_TEXT } from "./domain/next-step.ts";
import { invalidField, placeOfChat, TEST_CHAT_ID } from "./own-bot.ts";
import type { Presence } from "./presence.ts";
import { turnStarter, type Words } from "./start-turn.ts";
import type { WriteReply } from "./write-reply.ts";

export interface TestChatOptions {
  readonly workerId: string;
  readonly chats: ChatLog;
  readonly texts: ChatTexts;
  readonly presence: Pick<Presence, "isGone">;
  readonly write: WriteReply;
}

// Two browser tabs of one owner on two replicas: the slower one is asked to write again.
function otherReplicaWasFirst(error: unknown): never {
  if (!(error instanceof DomainError && error.code === CLAIM_LOST)) throw error;
  throw new DomainError("conflict", "rate_limited", { cause: error });
}

/** The same turn as a Telegram message's, written while the caller waits and sent nowhere. */
export function testChat({ workerId, chats, texts, presence, write }: TestChatOptions) {
  const inLane = lanes();
  const startTurn = turnStarter({ workerId, texts });

  return async (bot: AnsweringBot, { text }: TestChatRequest) => {
    const words = wordsOf(text);
    const place = placeOfChat(bot, TEST_CHAT_ID);
    return inLane(conversationSubject(place), () => converse(place, bot, words)).catch(otherReplicaWasFirst);
  };

  async function converse(place: ChatPlace, bot: AnsweringBot, words: Words) {
    const subject = conversationSubject(place);
    const { state } = await chats.load(subject);
    if (state.turn !== undefined) await clear(subject, state.turn);
    const started = await chats.handle(subject, await startTurn(place, bot, { words, ofChat: state.language }));
    try {
      return await answered({ place, bot, state: started.state });
    } catch (error) {
      if (started.state.turn !== undefined) await drop(subject, started.state.turn);
      throw error;
    }
  }

  async function answered({ place, bot, state }: { place: ChatPlace; bot: AnsweringBot; state: Conversation }) {
    const { turn, past } = state;
    if (turn === undefined) throw new DomainError("unavailable", "unavailable");
    const { turnId, language } = turn;
    const subject = conversationSubject(place);
    const reply = await write({ place, bot, turn, past });
    await chats.handle(subject, { type: "DraftReply", turnId, workerId, ...reply });
    await chats.handle(subject, { type: "RecordReplySent", turnId, workerId, messageIds: [] });
    const { refusalCode, model, promptVersion, inputTokens, outputTokens, sealedText } = reply;
    const text = (await texts.open(place, sealedText)) ?? "";
    const tokens = inputTokens + outputTokens;
    return create(TestChatResponseSchema, { text, refusalCode, model, promptVersion, tokens, language });
  }

  /** A turn that is still open here has nobody waiting for it any more, unless another process is at it. */
  async function clear(subject: string, turn: Turn): Promise<void> {
    const { turnId, workerId: from } = turn;
    if (from !== workerId) {
      if (!(await presence.isGone(from))) throw new DomainError("exhausted", "rate_limited");
      await chats.handle(subject, { type: "TakeOverTurn", turnId, workerId, from });
    }
    await drop(subject, turn);
  }

  async function drop(subject: string, { turnId, attempt }: Turn): Promise<void> {
    await chats.handle(subject, { type: "QuarantineTurn", turnId, workerId, code: "unavailable", attempts: attempt });
  }
}

function wordsOf(given: string): Words {
  const text = readable(given);
  if (text === "" || text.length > LONGEST_TEXT) throw invalidField("text", `1–${LONGEST_TEXT}`);
  const chat = { chatId: TEST_CHAT_ID, threadId: "", type: "test", title: "", username: "" };
  const updates = [create(TurnUpdateSchema, { updateId: `test-${newUpdateId()}` })];
  return { text, languageCode: "", chat, updates, source: TurnSource.TEST_CHAT };
}
