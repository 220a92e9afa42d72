import type { Logger } from "@botfactory/service-kit";
import type { Bots } from "./bots-client.ts";
import type { ChatLog } from "./chat-log.ts";
import { type Delivery, recordStep } from "./delivery.ts";
import type { TelegramFailure } from "./telegram-failure.ts";
import { namesOf, OVER, recordTurn, type TurnOutcome } from "./turn-outcomes.ts";

/** What to do when Telegram may or may not have taken a message. */
export type SendOnDoubt = "resend" | "silent";

export interface UndeliveredOptions {
  readonly chats: ChatLog;
  readonly bots: Pick<Bots, "find" | "reportTokenRevoked">;
  readonly sendOnDoubt: SendOnDoubt;
  readonly logger: Logger;
}

/** A part Telegram did not take, or perhaps did. */
export interface Undelivered {
  readonly part: number;
  readonly failure: TelegramFailure;
}

// With the pauses below about ten minutes of a Telegram that answers only with errors.
const MOST_DOUBTS = 12;
const UNREACHED_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 60_000;

/** Decides what becomes of a reply after a failed send: later, never, or in doubt. */
export function undelivered({ chats, bots, sendOnDoubt, logger }: UndeliveredOptions) {
  return async function settle(delivery: Delivery, { part, failure }: Undelivered): Promise<TurnOutcome> {
    switch (failure.kind) {
      case "wait":
        logger.info({ ...namesOf(delivery), pauseMs: failure.ms }, "Telegram asks for a pause");
        return { kind: "later", ms: failure.ms };
      case "unreached":
        logger.warn({ ...namesOf(delivery), detail: failure.reason }, "Telegram is not reached, the reply waits");
        return { kind: "later", ms: UNREACHED_PAUSE_MS };
      case "refused":
        return giveUp(delivery, failure.code, failure.words);
      case "migrated":
        return giveUp(delivery, "telegram_chat_not_found");
      case "revoked":
        return revoked(delivery);
      case "doubtful":
        return doubt(delivery, part, failure.reason);
    }
  };

  async function revoked(delivery: Delivery): Promise<TurnOutcome> {
    const { botId, telegramToken } = delivery.speaker;
    await bots.reportTokenRevoked(botId);
    // The owner may have replaced the token while the model was writing.
    const now = await bots.find(botId);
    const isReplaced = now !== undefined && now.telegramToken !== telegramToken;
    return isReplaced ? { kind: "later", ms: 0 } : giveUp(delivery, "token_revoked");
  }

  async function doubt(delivery: Delivery, part: number, reason: string): Promise<TurnOutcome> {
    const { state } = await recordStep(chats, delivery, { type: "DoubtSend", part, reason });
    recordTurn(logger, delivery, { outcome: "doubted", detail: reason });
    const doubts = state.turn?.doubts.length ?? 0;
    if (sendOnDoubt === "silent") return { kind: "later", ms: 0 };
    return doubts > MOST_DOUBTS ? giveUp(delivery, "telegram_unreachable") : { kind: "later", ms: pauseAfter(doubts) };
  }

  async function giveUp(delivery: Delivery, code: string, detail = ""): Promise<TurnOutcome> {
    await recordStep(chats, delivery, { type: "GiveUpDelivery", code });
    recordTurn(logger, delivery, { outcome: "undeliverable", cause: code, detail });
    return OVER;
  }
}

function pauseAfter(doubts: number): number {
  return Math.min(LONGEST_PAUSE_MS, 500 * 2 ** doubts);
}
