import { DomainError } from "@botfactory/decider";
import {
  type DeliveryMode,
  WebhookDeletedSchema,
  WebhookFailedSchema,
  WebhookRequestedSchema,
  WebhookSetSchema,
} from "@botfactory/proto/events/v1/account";
import { create } from "@bufbuild/protobuf";
import type { AccountFact, OwnedBot } from "./account-state.ts";

export interface RequestWebhook {
  readonly type: "RequestWebhook";
  readonly botId: string;
  readonly webhookId: string;
  readonly baseUrl: string;
  readonly mode: DeliveryMode;
  readonly secretHash: Uint8Array;
  readonly sealedSecret: Uint8Array;
}

/** Telegram accepted it. */
export interface ConfirmWebhook {
  readonly type: "ConfirmWebhook";
  readonly botId: string;
  readonly webhookId: string;
  readonly url: string;
}

/** Telegram refused it, or did not answer. */
export interface FailWebhook {
  readonly type: "FailWebhook";
  readonly botId: string;
  readonly webhookId: string;
  readonly code: string;
  readonly description: string;
}

/** Telegram no longer has any. */
export interface RemoveWebhook {
  readonly type: "RemoveWebhook";
  readonly botId: string;
}

export type WebhookCommand = RequestWebhook | ConfirmWebhook | FailWebhook | RemoveWebhook;

export function webhookFacts(command: WebhookCommand, bot: OwnedBot): readonly AccountFact[] {
  switch (command.type) {
    case "RequestWebhook":
      return requestWebhook(command, bot);
    case "ConfirmWebhook":
      return confirmWebhook(command, bot);
    case "FailWebhook":
      return failWebhook(command, bot);
    case "RemoveWebhook":
      if (bot.webhooks.length === 0) return [];
      return [{ case: "webhookDeleted", value: create(WebhookDeletedSchema, { botId: bot.id }) }];
  }
}

function requestWebhook({ type: _, ...request }: RequestWebhook, bot: OwnedBot): readonly AccountFact[] {
  if (bot.pausedBy !== undefined) throw new DomainError("conflict", "bot_paused");
  if (bot.tokenRevoked) throw new DomainError("conflict", "token_revoked");
  return [{ case: "webhookRequested", value: create(WebhookRequestedSchema, request) }];
}

function confirmWebhook({ type: _, ...set }: ConfirmWebhook, bot: OwnedBot): readonly AccountFact[] {
  const request = requestOf(bot, set.webhookId);
  if (request === undefined) return [];
  return [{ case: "webhookSet", value: create(WebhookSetSchema, { ...set, mode: request.mode }) }];
}

function failWebhook({ type: _, ...failure }: FailWebhook, bot: OwnedBot): readonly AccountFact[] {
  if (requestOf(bot, failure.webhookId) === undefined) return [];
  return [{ case: "webhookFailed", value: create(WebhookFailedSchema, failure) }];
}

/** One outcome for one request, whoever reports it. */
function requestOf({ webhooks }: OwnedBot, webhookId: string) {
  return webhooks.find(({ id, state }) => id === webhookId && state === "requested");
}
