import { randomUUID } from "node:crypto";
import { crashPoint } from "@botfactory/crash-points";
import { DomainError } from "@botfactory/decider";
import { DeliveryMode } from "@botfactory/proto/events/v1/account";
import { ownedBot } from "./domain/account-state.ts";
import { webhookOrigin, webhookUrl } from "./domain/webhook-url.ts";
import { type BotOfOwner, type TokenDeps, withToken } from "./revoke-token.ts";
import { TelegramRefused } from "./telegram.ts";
import type { WebhookTable } from "./webhook-table.ts";

export interface WebhookDeps extends TokenDeps {
  readonly table: WebhookTable;
  /** LOCAL_MODE, WEBHOOK_BASE_URL and TELEGRAM_UPDATES. */
  readonly webhooks: {
    readonly localMode: boolean;
    readonly defaultBaseUrl: string;
    readonly mode: DeliveryMode;
  };
}

/** Ingress knows the new secret before Telegram does, so no update is refused on the way from one to the other. */
export async function setWebhook(deps: WebhookDeps, owned: BotOfOwner, baseUrl: string): Promise<number> {
  const { ownerId, bot } = owned;
  const { mode } = deps.webhooks;
  const isPolling = mode === DeliveryMode.POLLING;
  const origin = isPolling ? "" : webhookOrigin(baseUrl || deps.webhooks.defaultBaseUrl, deps.webhooks);
  const url = isPolling ? "" : webhookUrl(origin, bot.id);
  const webhook = { botId: bot.id, webhookId: randomUUID() };
  const { secret, ...sealed } = await deps.secrets.newWebhookSecret(bot.id);

  const request = { type: "RequestWebhook", ...webhook, ...sealed, baseUrl: origin, mode } as const;
  const requested = await deps.accounts.handle(ownerId, request);
  crashPoint("bots.afterWebhookRequested");
  await deps.table.publish(ownerId, bot.id, requested.revision);
  try {
    const current = { ownerId, bot: ownedBot(requested.state, bot.id) };
    await withToken(deps, current, (token) =>
      isPolling ? deps.telegram.deleteWebhook(token) : deps.telegram.setWebhook(token, { url, secret }),
    );
  } catch (error) {
    const failure = refusalOf(error);
    const failed = await deps.accounts.handle(ownerId, { type: "FailWebhook", ...webhook, ...failure.fact });
    await deps.table.publish(ownerId, bot.id, failed.revision);
    throw failure.error;
  }
  crashPoint("bots.afterSetWebhook");
  const { revision } = await deps.accounts.handle(ownerId, { type: "ConfirmWebhook", ...webhook, url });
  await deps.table.publish(ownerId, bot.id, revision);
  return revision;
}

/** Takes the webhook away at Telegram; updates wait there until the next one is set. */
export async function deleteWebhook(deps: WebhookDeps, owned: BotOfOwner): Promise<number> {
  const { ownerId, bot } = owned;
  await withToken(deps, owned, deps.telegram.deleteWebhook).catch((error: unknown) => {
    throw refusalOf(error).error;
  });
  const { revision } = await deps.accounts.handle(ownerId, { type: "RemoveWebhook", botId: bot.id });
  await deps.table.publish(ownerId, bot.id, revision);
  return revision;
}

function refusalOf(error: unknown): { error: unknown; fact: { code: string; description: string } } {
  if (error instanceof TelegramRefused) {
    const description = error.message;
    const refused = new DomainError("conflict", "webhook_refused", { params: { description } });
    return { error: refused, fact: { code: refused.code, description } };
  }
  if (error instanceof DomainError && error.code !== "telegram_unreachable") {
    return { error, fact: { code: error.code, description: "" } };
  }
  // Also for what nobody foresaw: without an answer the former webhook and the new one are both possible.
  return { error, fact: { code: "telegram_unreachable", description: "" } };
}
