import type { DeliveryMode, WebhookFailed, WebhookRequested, WebhookSet } from "@botfactory/proto/events/v1/account";

/** A webhook that Telegram may have in force. */
export interface Webhook {
  readonly id: string;
  readonly baseUrl: string;
  readonly mode: DeliveryMode;
  readonly secretHash: Uint8Array;
  readonly url: string;
  /** "doubtful": Telegram did not answer, so it may or may not have taken the webhook. */
  readonly state: "requested" | "set" | "doubtful";
  /** Webhooks already answered for when this one was requested: they end when it is set. */
  readonly replaces: readonly string[];
}

/**
 * Every webhook whose secret must be accepted, oldest request first. Usually one; more while a request is under way,
 * after one that Telegram left unanswered, or when two requests overlapped and only Telegram knows which came last.
 */
export type Webhooks = readonly Webhook[];

// Enough for any honest series of lost answers; more would only be secrets that are never used.
const MOST_KEPT = 8;

export function withRequest(webhooks: Webhooks, request: WebhookRequested): Webhooks {
  const requested: Webhook = {
    id: request.webhookId,
    baseUrl: request.baseUrl,
    mode: request.mode,
    secretHash: request.secretHash,
    url: "",
    state: "requested",
    replaces: webhooks.filter(({ state }) => state !== "requested").map(({ id }) => id),
  };
  return [...withRoomForOne(webhooks), requested];
}

/** Doubtful ones go first, the oldest before the others: what Telegram said it uses must outlive a series of doubts. */
function withRoomForOne(webhooks: Webhooks): Webhooks {
  const surplus = Math.max(0, webhooks.length + 1 - MOST_KEPT);
  const dropped = webhooks.filter(({ state }) => state !== "set").slice(0, surplus);
  return webhooks.filter((webhook) => !dropped.includes(webhook)).slice(1 - MOST_KEPT);
}

export function withSet(webhooks: Webhooks, { webhookId, url, mode }: WebhookSet): Webhooks {
  const replaced = webhooks.find(({ id }) => id === webhookId)?.replaces ?? [];
  return webhooks
    .filter(({ id }) => !replaced.includes(id))
    .map((webhook) => (webhook.id === webhookId ? { ...webhook, url, mode, state: "set" } : webhook));
}

export function withFailure(webhooks: Webhooks, { webhookId, code }: WebhookFailed): Webhooks {
  // Only an answer proves that the former webhook stayed; without one either secret may be in use.
  if (code !== "telegram_unreachable") return webhooks.filter(({ id }) => id !== webhookId);
  return webhooks.map((webhook) => (webhook.id === webhookId ? { ...webhook, state: "doubtful" } : webhook));
}

/** A request still under way will be answered for by itself. */
export function withoutAnswered(webhooks: Webhooks): Webhooks {
  return webhooks.filter(({ state }) => state === "requested");
}

/** The webhook Telegram accepted last. */
export function webhookInForce(webhooks: Webhooks): Webhook | undefined {
  return webhooks.findLast(({ state }) => state === "set");
}
