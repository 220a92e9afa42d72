import type { Bot } from "./bots.ts";
import { deliveryLanes, type Lane } from "./delivery-lanes.ts";
import type { Ledger } from "./ledger.ts";
import { postedMessage } from "./posted-message.ts";
import { retryDelaySeconds } from "./retry-delay.ts";
import type { PendingUpdate } from "./updates.ts";
import { type FailingWebhook, webhookFailures } from "./webhook-failures.ts";
import type { Post, WebhookResponse } from "./webhook-post.ts";

export interface DeliverySettings extends FailingWebhook {
  readonly post: Post;
  readonly ledger: Ledger;
  readonly timeoutMs: number;
  /** Telegram runs a `method` found in the webhook's 2xx answer as a call of the bot. */
  readonly runReply: (bot: Bot, answer: string) => void;
}

export type Delivery = ReturnType<typeof delivery>;

/** Pushes a bot's updates to its webhook: in order within a queue, queues side by side. */
export function delivery(settings: DeliverySettings) {
  const { bot, webhook, ledger, retryScale } = settings;
  const lanes = deliveryLanes(bot, webhook.maxConnections);
  const failureOf = webhookFailures(settings);
  const timers = new Set<NodeJS.Timeout>();
  let inFlight = 0;
  let stopped = false;

  function wake(): void {
    lanes.load();
    while (!stopped && inFlight < webhook.maxConnections) {
      const next = lanes.next();
      if (next === undefined) return;
      void send(next.lane, next.update);
    }
  }

  async function send(lane: Lane, update: PendingUpdate): Promise<void> {
    inFlight++;
    const attempt = ++lane.attempts;
    const startedAt = Date.now();
    const result = await answerOf(settings, update);
    inFlight--;
    const failure = failureOf(result);
    const retryInMs = failure === undefined ? undefined : nextTry(lane, update, result);
    const outcome = failure === undefined ? "accepted" : retryInMs === undefined ? "given-up" : "retried";
    // Before the ledger tells: who waits for an idle bot looks again at that moment.
    if (outcome !== "retried") forget(lane, update);
    ledger.delivery({
      at: startedAt,
      botId: bot.id,
      updateId: update.id,
      queue: update.queue,
      attempt,
      url: webhook.url,
      status: result instanceof Error ? undefined : result.status,
      error: failure,
      outcome,
      retryInMs,
      durationMs: Date.now() - startedAt,
      message: postedMessage(update.body),
    });
    if (outcome === "accepted" && !(result instanceof Error)) settings.runReply(bot, result.body);
    if (!stopped) wake();
  }

  /** How long the update waits now; undefined when it would outlive its day. */
  function nextTry(lane: Lane, update: PendingUpdate, result: WebhookResponse | Error): number | undefined {
    const delayMs = retryDelaySeconds(lane, result) * 1000 * retryScale;
    if (Date.now() + delayMs > update.expiresAt) return undefined;
    later(delayMs, update.queue);
    return delayMs;
  }

  function later(delayMs: number, queue: string): void {
    if (stopped) return;
    const timer = setTimeout(() => {
      timers.delete(timer);
      lanes.makeReady(queue);
      wake();
    }, delayMs);
    timers.add(timer);
  }

  function forget(lane: Lane, update: PendingUpdate): void {
    bot.updates.delete(update.id);
    if (!stopped) lanes.settle(lane, update);
  }

  function stop(): void {
    stopped = true;
    for (const timer of timers) clearTimeout(timer);
  }

  return { wake, stop };
}

/** What the webhook answered, or why it did not. */
function answerOf(
  { post, webhook, timeoutMs }: DeliverySettings,
  { body }: PendingUpdate,
): Promise<WebhookResponse | Error> {
  const { url, secretToken } = webhook;
  return post({ url, body: JSON.stringify(body), secretToken, timeoutMs }).catch((error: Error) => error);
}
