import { crashPoint } from "@botfactory/crash-points";
import { LRUCache } from "lru-cache";
import type { Claims } from "./claims.ts";
import { type Delivery, recordStep } from "./delivery.ts";
import { splitReply } from "./split-reply.ts";
import type { SendOutcome, Telegram } from "./telegram.ts";
import { OVER, recordTurn, type TurnOutcome, timeTurn } from "./turn-outcomes.ts";
import { type UndeliveredOptions, undelivered } from "./undelivered.ts";

export interface DeliveryOptions extends UndeliveredOptions {
  readonly telegram: Telegram;
  readonly claims: Pick<Claims, "isCertain">;
}

export type Deliver = (delivery: Delivery) => Promise<TurnOutcome>;

const SENT_KEPT = 10_000;
const UNCERTAIN: TurnOutcome = { kind: "later", ms: 0 };

/** Sends a reply part by part from where the log says it is; each step goes into the log before the next. */
export function delivering({ telegram, claims, ...options }: DeliveryOptions): Deliver {
  const { chats, sendOnDoubt, logger } = options;
  const settle = undelivered(options);
  // What Telegram took while the log was away: it is not sent again, only recorded again.
  const taken = new LRUCache<string, string>({ max: SENT_KEPT });

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

  return async function deliver(delivery) {
    const parts = splitReply(delivery.text);
    const messageIds = [...delivery.turn.messageIds];
    for (const [part, text] of parts.entries()) {
      if (part < messageIds.length) continue;
      // Only the log takes a step from a worker that lost its claim back; Telegram would take the message.
      if (!claims.isCertain(delivery.turn.turnId)) return UNCERTAIN;
      const outcome = await sendOnce(delivery, part, text);
      if (outcome.kind !== "sent") return settle(delivery, { part, failure: outcome });
      crashPoint("wrk.afterSend");
      const { messageId } = outcome;
      messageIds.push(messageId);
      if (part === parts.length - 1) continue;
      await recordStep(chats, delivery, { type: "RecordPartSent", part, messageId });
      crashPoint("wrk.afterPartSent");
    }
    await recordStep(chats, delivery, { type: "RecordReplySent", messageIds });
    crashPoint("wrk.afterReplySent");
    const { turnId, draft } = delivery.turn;
    const cause = draft?.refusalCode ?? "";
    recordTurn(logger, delivery, { outcome: cause === "" ? "sent" : "refused", cause });
    timeTurn(turnId);
    return OVER;
  };
}
