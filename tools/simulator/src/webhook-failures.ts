import type { Bot, Webhook } from "./bots.ts";
import type { WebhookResponse } from "./webhook-post.ts";

// From tdlib/telegram-bot-api, WebhookActor.cpp.
const DROP_AFTER_410_SECONDS = 23 * 60 * 60;

export interface FailingWebhook {
  readonly bot: Bot;
  readonly webhook: Webhook;
  /** Multiplies every wait; 1 is Telegram's own pace. */
  readonly retryScale: number;
  readonly dropWebhook: (bot: Bot) => void;
}

/** Says why a delivery failed, undefined where it did not; the webhook shows the last reason, and one that is gone is dropped. */
export function webhookFailures({ bot, webhook, retryScale, dropWebhook }: FailingWebhook) {
  let gone410Since: number | undefined;

  function note410(status: number): void {
    const now = Date.now();
    gone410Since = status === 410 ? (gone410Since ?? now) : undefined;
    if (gone410Since !== undefined && now > gone410Since + DROP_AFTER_410_SECONDS * 1000 * retryScale) {
      dropWebhook(bot);
    }
  }

  return function failureOf(result: WebhookResponse | Error): string | undefined {
    if (!(result instanceof Error) && result.status >= 200 && result.status <= 299) {
      gone410Since = undefined;
      return undefined;
    }
    const failure =
      result instanceof Error ? result.message : `Wrong response from the webhook: ${result.status} ${result.reason}`;
    webhook.lastErrorDate = Math.floor(Date.now() / 1000);
    webhook.lastErrorMessage = failure;
    if (!(result instanceof Error)) note410(result.status);
    return failure;
  };
}
