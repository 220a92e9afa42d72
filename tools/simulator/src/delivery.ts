import type { Bot, Webhook } from "./bots.ts";
import type { Ledger } from "./ledger.ts";
import { postedMessage } from "./posted-message.ts";
import type { PendingUpdate } from "./updates.ts";
import type { Post, WebhookResponse } from "./webhook-post.ts";

export interface DeliverySettings {
  readonly bot: Bot;
  readonly webhook: Webhook;
  readonly post: Post;
  readonly ledger: Ledger;
  /** Multiplies every wait; 1 is Telegram's own pace. */
  readonly retryScale: number;
  readonly timeoutMs: number;
  /** Telegram runs a `method` found in the webhook's 2xx answer as a call of the bot. */
  readonly runReply: (bot: Bot, answer: string) => void;
  readonly dropWebhook: (bot: Bot) => void;
}

interface Lane {
  readonly waiting: PendingUpdate[];
  attempts: number;
  delaySeconds: number;
}

// All from tdlib/telegram-bot-api, WebhookActor.cpp.
const MAX_RESEND_SECONDS = 60;
const MAX_RETRY_AFTER_SECONDS = 3600;
const DROP_AFTER_410_SECONDS = 23 * 60 * 60;

export type Delivery = ReturnType<typeof delivery>;

/** Pushes a bot's updates to its webhook: in order within a queue, queues side by side. */
export function delivery(settings: DeliverySettings) {
  const { bot, webhook, ledger, retryScale } = settings;
  const lanes = new Map<string, Lane>();
  const ready: string[] = [];
  const timers = new Set<NodeJS.Timeout>();
  let cursor = bot.updates.keys().next().value ?? bot.nextUpdateId;
  let loaded = 0;
  let inFlight = 0;
  let stopped = false;
  let gone410Since: number | undefined;

  /** Telegram keeps only twice max_connections updates in hand, so a blocked chat can hold places of others. */
  function load(): void {
    for (; loaded < webhook.maxConnections * 2 && cursor < bot.nextUpdateId; cursor++) {
      const update = bot.updates.get(cursor);
      if (!update) continue;
      loaded++;
      const lane = lanes.get(update.queue);
      if (lane) lane.waiting.push(update);
      else {
        lanes.set(update.queue, { waiting: [update], attempts: 0, delaySeconds: 1 });
        ready.push(update.queue);
      }
    }
  }

  function wake(): void {
    load();
    while (!stopped && inFlight < webhook.maxConnections) {
      const queue = ready.shift();
      if (queue === undefined) return;
      const lane = lanes.get(queue);
      const update = lane?.waiting[0];
      if (lane && update) void send(lane, update);
    }
  }

  async function send(lane: Lane, update: PendingUpdate): Promise<void> {
    inFlight++;
    const attempt = ++lane.attempts;
    const startedAt = Date.now();
    const result = await settings
      .post({
        url: webhook.url,
        body: JSON.stringify(update.body),
        secretToken: webhook.secretToken,
        timeoutMs: settings.timeoutMs,
      })
      .catch((error: Error) => error);
    inFlight--;
    const failure = failureOf(result);
    const retryInMs = failure === undefined ? undefined : nextTry(lane, update, retryAfterOf(result));
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

  function failureOf(result: WebhookResponse | Error): string | undefined {
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
  }

  function note410(status: number): void {
    const now = Date.now();
    gone410Since = status === 410 ? (gone410Since ?? now) : undefined;
    if (gone410Since !== undefined && now > gone410Since + DROP_AFTER_410_SECONDS * 1000 * retryScale) {
      settings.dropWebhook(bot);
    }
  }

  /** How long the update waits now; undefined when it would outlive its day. */
  function nextTry(lane: Lane, update: PendingUpdate, retryAfter: number): number | undefined {
    const isFirst = lane.attempts === 1;
    if (retryAfter === 0 && !isFirst) {
      const limit = MAX_RESEND_SECONDS * (1 + Math.random());
      lane.delaySeconds = Math.min(limit, lane.delaySeconds * 2);
    }
    const seconds = retryAfter > 0 ? retryAfter : isFirst ? 0 : lane.delaySeconds;
    const delayMs = seconds * 1000 * retryScale;
    if (Date.now() + delayMs > update.expiresAt) return undefined;
    later(delayMs, update.queue);
    return delayMs;
  }

  function later(delayMs: number, queue: string): void {
    if (stopped) return;
    const timer = setTimeout(() => {
      timers.delete(timer);
      ready.push(queue);
      wake();
    }, delayMs);
    timers.add(timer);
  }

  function forget(lane: Lane, update: PendingUpdate): void {
    bot.updates.delete(update.id);
    if (stopped) return;
    loaded--;
    lane.waiting.shift();
    lane.attempts = 0;
    lane.delaySeconds = 1;
    if (lane.waiting.length === 0) lanes.delete(update.queue);
    else ready.push(update.queue);
  }

  function stop(): void {
    stopped = true;
    for (const timer of timers) clearTimeout(timer);
  }

  return { wake, stop };
}

function retryAfterOf(result: WebhookResponse | Error): number {
  if (result instanceof Error) return 0;
  return Math.min(Math.max(result.retryAfter, 0), MAX_RETRY_AFTER_SECONDS);
}
