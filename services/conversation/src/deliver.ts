import { LRUCache } from "lru-cache";
import type { Bots } from "./bots-client.ts";
import type { ChatLog } from "./chat-log.ts";
import type { OfTurn } from "./domain/commands.ts";
import type { Turn } from "./domain/conversation-state.ts";
import { splitReply } from "./split-reply.ts";
import type { OutgoingText, SendOutcome, Speaker, Telegram } from "./telegram.ts";
import type { TelegramFailure } from "./telegram-failure.ts";
import { countTurn, OVER, type TurnOutcome } from "./turn-outcomes.ts";

/** What to do when Telegram may or may not have taken a message. */
export type SendOnDoubt = "resend" | "silent";

/** A drafted reply on its way. */
export interface Delivery {
  readonly subject: string;
  readonly turn: Turn;
  readonly speaker: Speaker;
  readonly to: Omit<OutgoingText, "text">;
  readonly text: string;
}

export interface DeliveryOptions {
  readonly chats: ChatLog;
  readonly telegram: Telegram;
  readonly bots: Pick<Bots, "reportTokenRevoked">;
  readonly sendOnDoubt: SendOnDoubt;
}

export type Deliver = (delivery: Delivery) => Promise<TurnOutcome>;

// With the pauses below about ten minutes of a Telegram that answers only with errors.
const MOST_DOUBTS = 12;
const SENT_KEPT = 10_000;

/** Sends a reply part by part from where the log says it is; each step goes into the log before the next. */
export function delivering({ chats, telegram, bots, sendOnDoubt }: DeliveryOptions): Deliver {
  // What Telegram took while the log was away: it is not sent again, only recorded again.
  const taken = new LRUCache<string, string>({ max: SENT_KEPT });

  const step = ({ subject, turn: { turnId, workerId } }: Delivery, command: StepWithoutClaim) =>
    chats.handle(subject, { ...command, turnId, workerId });

  async function deliver(delivery: Delivery): Promise<TurnOutcome> {
    const parts = splitReply(delivery.text);
    const messageIds = [...delivery.turn.messageIds];
    for (const [part, text] of parts.entries()) {
      if (part < messageIds.length) continue;
      const outcome = await sendOnce(delivery, part, text);
      if (outcome.kind !== "sent") return failed(delivery, part, outcome);
      messageIds.push(outcome.messageId);
      if (part < parts.length - 1) await step(delivery, { type: "RecordPartSent", part, messageId: outcome.messageId });
    }
    await step(delivery, { type: "RecordReplySent", messageIds });
    countTurn(delivery.turn.draft?.refusalCode === "" ? "sent" : "refused");
    return OVER;
  }

  async function sendOnce({ speaker, turn, to }: Delivery, part: number, text: string): Promise<SendOutcome> {
    const key = `${turn.turnId}:${part}`;
    const messageId = taken.get(key);
    if (messageId !== undefined) return { kind: "sent", messageId };
    if (sendOnDoubt === "silent" && turn.doubts.includes(part)) return { kind: "sent", messageId: "" };
    const first = await telegram.send(speaker, { ...to, text });
    const outcome =
      first.kind === "migrated" ? await telegram.send(speaker, { ...to, chatId: first.chatId, text }) : first;
    if (outcome.kind === "sent") taken.set(key, outcome.messageId);
    return outcome;
  }

  async function failed(delivery: Delivery, part: number, failure: TelegramFailure): Promise<TurnOutcome> {
    switch (failure.kind) {
      case "wait":
        return { kind: "later", ms: failure.ms };
      case "unreached":
        return { kind: "later", ms: UNREACHED_PAUSE_MS };
      case "refused":
        return giveUp(delivery, failure.code);
      case "migrated":
        return giveUp(delivery, "telegram_chat_not_found");
      case "revoked":
        await bots.reportTokenRevoked(delivery.speaker.botId);
        return giveUp(delivery, "token_revoked");
      case "doubtful":
        return doubt(delivery, part, failure.reason);
    }
  }

  async function doubt(delivery: Delivery, part: number, reason: string): Promise<TurnOutcome> {
    const { state } = await step(delivery, { type: "DoubtSend", part, reason });
    countTurn("doubted");
    const doubts = state.turn?.doubts.length ?? 0;
    if (sendOnDoubt === "silent") return { kind: "later", ms: 0 };
    return doubts > MOST_DOUBTS ? giveUp(delivery, "telegram_unreachable") : { kind: "later", ms: pauseAfter(doubts) };
  }

  async function giveUp(delivery: Delivery, code: string): Promise<TurnOutcome> {
    await step(delivery, { type: "GiveUpDelivery", code });
    countTurn("undeliverable");
    return OVER;
  }

  return deliver;
}

type StepWithoutClaim = WithoutClaim<OfTurn>;
type WithoutClaim<Command> = Command extends OfTurn ? Omit<Command, "turnId" | "workerId"> : never;

const UNREACHED_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 60_000;

function pauseAfter(doubts: number): number {
  return Math.min(LONGEST_PAUSE_MS, 500 * 2 ** doubts);
}
