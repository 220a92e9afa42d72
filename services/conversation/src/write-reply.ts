import { Role, type Utterance, UtteranceSchema } from "@botfactory/proto/ai/v1/ai";
import { ReplyKind } from "@botfactory/proto/events/v1/conversation";
import { create } from "@bufbuild/protobuf";
import type { Generate } from "./ai-client.ts";
import type { AnsweringBot } from "./bots-client.ts";
import type { ChatPlace } from "./chat-place.ts";
import type { ChatTexts } from "./chat-texts.ts";
import type { DraftReply } from "./domain/commands.ts";
import type { Exchange, Turn } from "./domain/conversation-state.ts";
import { readable } from "./domain/incoming-update.ts";
import { type Refusal, refusal, refusalOf } from "./refusal.ts";
import { replyLanguage } from "./reply-languages.ts";
import { splitReply } from "./split-reply.ts";

/** A turn that needs its reply written. */
export interface OpenTurn {
  readonly place: ChatPlace;
  readonly bot: AnsweringBot;
  readonly turn: Turn;
  readonly past: readonly Exchange[];
}

export type WrittenReply = Omit<DraftReply, "type" | "turnId" | "workerId">;

// In characters; ai refuses a prompt of more than 200,000 in all.
const LONGEST_HISTORY = 150_000;

export type WriteReply = (open: OpenTurn) => Promise<WrittenReply>;

export interface ReplyWriterOptions {
  readonly generate: Generate;
  readonly texts: ChatTexts;
  /** The turn of that chat waits until the quota has room. */
  readonly onQuotaWait?: (chat: ChatPlace) => void;
}

/** Asks the model, or says in the person's language why there is no answer. Throws when it is worth trying again. */
export function replyWriter({ generate, texts, onQuotaWait }: ReplyWriterOptions): WriteReply {
  return async (open) => {
    const { place, turn } = open;
    const text = await texts.open(place, turn.sealedText);
    const language = replyLanguage(turn.language);
    if (text === undefined || text === "") return refused(open, refusal("text_only", language));
    try {
      const { text: answer, usage } = await generate(
        { ...(await requestFor(texts, open)), text },
        { onQuotaWait: () => onQuotaWait?.(place) },
      );
      const reply = readable(answer);
      if (splitReply(reply).length === 0) return refused(open, refusal("ai_empty", language));
      const { model, inputTokens, outputTokens } = usage;
      const sealedText = await texts.seal(place, reply);
      const promptVersion = open.bot.promptVersion;
      return { kind: ReplyKind.ANSWER, refusalCode: "", sealedText, model, promptVersion, inputTokens, outputTokens };
    } catch (error) {
      const reason = refusalOf(error, language);
      if (reason === undefined) throw error;
      return refused(open, reason);
    }
  };

  async function refused({ place }: OpenTurn, reason: Refusal | undefined): Promise<WrittenReply> {
    if (reason === undefined) throw new RangeError("a refusal without a sentence");
    const sealedText = await texts.seal(place, reason.sentence);
    const nothingSpent = { model: "", promptVersion: 0, inputTokens: 0, outputTokens: 0 };
    return { kind: ReplyKind.REFUSAL, refusalCode: reason.code, sealedText, ...nothingSpent };
  }
}

async function requestFor(texts: ChatTexts, { place, bot, turn, past }: OpenTurn) {
  return {
    ownerId: bot.ownerId,
    botId: bot.botId,
    // The first update's id, so that a retried turn is charged once.
    chargeKey: `${bot.botId}:${turn.updates[0]?.updateId ?? turn.turnId}`,
    systemPrompt: bot.systemPrompt,
    answerLanguage: turn.language,
    history: await history(texts, place, past.slice(Math.max(0, past.length - bot.historyTurns))),
    model: bot.model,
    messagesADay: bot.messagesADay,
  };
}

async function history(texts: ChatTexts, place: ChatPlace, past: readonly Exchange[]): Promise<Utterance[]> {
  const exchanges = await Promise.all(
    past.map(async ({ sealedText, sealedReply }) => ({
      said: await texts.open(place, sealedText),
      answered: await texts.open(place, sealedReply),
    })),
  );
  return newest(exchanges.flatMap(({ said = "", answered = "" }) => (said && answered ? [{ said, answered }] : [])));
}

/** As many of the newest exchanges as fit. */
function newest(exchanges: readonly { readonly said: string; readonly answered: string }[]): Utterance[] {
  let length = 0;
  const tooOld = exchanges.findLastIndex(({ said, answered }) => {
    length += said.length + answered.length;
    return length > LONGEST_HISTORY;
  });
  return exchanges
    .slice(tooOld + 1)
    .flatMap(({ said, answered }) => [utterance(Role.USER, said), utterance(Role.MODEL, answered)]);
}

function utterance(role: Role, text: string): Utterance {
  return create(UtteranceSchema, { role, text });
}
