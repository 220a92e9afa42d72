import { DeliveryMode } from "@botfactory/proto/events/v1/account";
import type { OwnedBot } from "./account-state.ts";
import { webhookInForce } from "./bot-webhooks.ts";

/** What Telegram tells of a bot's webhook. */
export interface WebhookAtTelegram {
  readonly url: string;
  readonly pendingUpdates: number;
  /** Unix time in milliseconds, 0 when there was none. */
  readonly lastErrorAtUnixMs: number;
}

/** A failed delivery of the last five minutes is still news. */
const RECENT_MS = 5 * 60_000;
const MANY_PENDING = 50;

/** Whether Telegram delivers where the log says it should. */
export function isWebhookSet(bot: OwnedBot, { url }: WebhookAtTelegram): boolean {
  const webhook = webhookInForce(bot.webhooks);
  if (webhook === undefined) return false;
  return webhook.mode === DeliveryMode.POLLING ? url === "" : url === webhook.url;
}

/** The code of what is wrong now, the worst first; empty when all is well. */
export function webhookProblem(
  bot: OwnedBot,
  telegram: WebhookAtTelegram | "revoked" | "unreachable",
  nowUnixMs: number,
): string {
  if (bot.tokenRevoked || telegram === "revoked") return "token_revoked";
  if (bot.pausedBy !== undefined) return "bot_paused";
  if (telegram === "unreachable") return "telegram_unreachable";
  if (!isWebhookSet(bot, telegram)) {
    return bot.webhookFailure?.code === "webhook_refused" ? "webhook_refused" : "webhook_not_set";
  }
  return isDelivering(telegram, nowUnixMs) ? "" : "bot_not_responding";
}

/** Telegram keeps the last error after deliveries work again, so by itself it means nothing: updates must be waiting. */
function isDelivering({ pendingUpdates, lastErrorAtUnixMs }: WebhookAtTelegram, nowUnixMs: number): boolean {
  const failedLately = nowUnixMs - lastErrorAtUnixMs < RECENT_MS;
  return pendingUpdates <= MANY_PENDING && !(failedLately && pendingUpdates > 0);
}
