import { inSpan } from "@botfactory/service-kit";
import { SpanKind } from "@opentelemetry/api";
import { Api } from "grammy";
import { LRUCache } from "lru-cache";
import { pauses } from "./pauses.ts";
import { type TelegramFailure, telegramFailure } from "./telegram-failure.ts";

/** The bot that speaks; the token goes nowhere but to Telegram. */
export interface Speaker {
  readonly botId: string;
  readonly telegramToken: string;
}

export interface OutgoingText {
  readonly chatId: string;
  /** "" outside topics. */
  readonly threadId: string;
  readonly text: string;
  /** Message to answer visibly; "" for none. */
  readonly replyTo: string;
}

export type SendOutcome = { readonly kind: "sent"; readonly messageId: string } | TelegramFailure;

export interface Telegram {
  send(speaker: Speaker, message: OutgoingText): Promise<SendOutcome>;
  /** Shows "typing…" for about 5 seconds; rejects with nothing secret. */
  showTyping(speaker: Speaker, chat: Pick<OutgoingText, "chatId" | "threadId">): Promise<void>;
}

export interface TelegramOptions {
  readonly apiRoot: string;
  /** Time for one call; grammY's own 500 s outlives any claim. */
  readonly timeoutSeconds?: number;
}

const SPEAKERS_KEPT = 1_000;

/** Telegram's Bot API through grammY, whose errors print the token and therefore never leave this file. */
export function telegram({ apiRoot, timeoutSeconds = 30 }: TelegramOptions): Telegram {
  const apis = new LRUCache<string, Api>({ max: SPEAKERS_KEPT });
  const paused = pauses(Date.now);

  function apiOf({ telegramToken }: Speaker): Api {
    const known = apis.get(telegramToken);
    if (known !== undefined) return known;
    const api = new Api(telegramToken, { apiRoot: apiRoot.replace(/\/+$/, ""), timeoutSeconds, sensitiveLogs: false });
    apis.set(telegramToken, api);
    return api;
  }

  async function send(speaker: Speaker, message: OutgoingText): Promise<SendOutcome> {
    const pause = paused.left(speaker.botId);
    // Calls during a pause only make it longer.
    if (pause > 0) return { kind: "wait", ms: pause };
    const outcome = await inSpan("telegram sendMessage", { kind: SpanKind.CLIENT }, async (span) => {
      const result = await deliver(apiOf(speaker), message);
      span.setAttribute("botfactory.telegram.outcome", result.kind);
      return result;
    });
    if (outcome.kind === "wait") paused.begin(speaker.botId, outcome.ms);
    return outcome;
  }

  return {
    send,
    async showTyping(speaker, { chatId, threadId }) {
      if (paused.left(speaker.botId) > 0) return;
      try {
        await apiOf(speaker).sendChatAction(chatId, "typing", inThread(threadId));
      } catch (error) {
        const failure = telegramFailure(error);
        if (failure.kind === "wait") paused.begin(speaker.botId, failure.ms);
        throw new Error(`typing could not be shown: ${failure.kind}`);
      }
    },
  };
}

async function deliver(api: Api, { chatId, threadId, text, replyTo }: OutgoingText): Promise<SendOutcome> {
  try {
    const { message_id } = await api.sendMessage(chatId, text, {
      ...inThread(threadId),
      ...(replyTo === ""
        ? {}
        : { reply_parameters: { message_id: Number(replyTo), allow_sending_without_reply: true } }),
      // A preview makes Telegram fetch an address the model was talked into: a way to carry words out.
      link_preview_options: { is_disabled: true },
    });
    return { kind: "sent", messageId: String(message_id) };
  } catch (error) {
    return telegramFailure(error);
  }
}

function inThread(threadId: string) {
  return threadId === "" ? {} : { message_thread_id: Number(threadId) };
}
