import { type WebhookStatus as StatusMessage, WebhookStatusSchema } from "@botfactory/proto/bots/v1/bots";
import { create } from "@bufbuild/protobuf";
import type { WebhookStatus } from "../api/webhook.ts";
import { issueOf } from "../issue.ts";
import type { Services } from "../services.ts";
import { TELEGRAM_DEADLINE_MS } from "../services.ts";
import { type ApiCall, asOwner, type Handlers } from "./handler.ts";
import { isoTime, MODE_WORDS, orNull } from "./words.ts";

type WebhookHandlers = Pick<Handlers, "getWebhook" | "setWebhook" | "deleteWebhook">;

export function webhookHandlers({ bots }: Services): WebhookHandlers {
  return {
    async getWebhook({ params }, call) {
      const { status } = await bots.getWebhookStatus({ botId: params.botId }, asOwner(call, TELEGRAM_DEADLINE_MS));
      return toStatus(status, call);
    },

    async setWebhook({ params, body }, call) {
      const { status, revision } = await bots.setWebhook(
        { botId: params.botId, baseUrl: body.baseUrl ?? "" },
        asOwner(call, TELEGRAM_DEADLINE_MS),
      );
      return { ...toStatus(status, call), revision: revision.toString() };
    },

    async deleteWebhook({ params }, call) {
      const { status, revision } = await bots.deleteWebhook(
        { botId: params.botId },
        asOwner(call, TELEGRAM_DEADLINE_MS),
      );
      return { ...toStatus(status, call), revision: revision.toString() };
    },
  };
}

function toStatus(message: StatusMessage | undefined, { language }: ApiCall): WebhookStatus {
  const status = message ?? create(WebhookStatusSchema);
  const { lastErrorMessage: error, telegramUsername: username, telegramName: name } = status;
  return {
    set: status.set,
    url: orNull(status.url),
    mode: MODE_WORDS[status.mode],
    pendingUpdateCount: status.pendingUpdateCount,
    lastError: error === "" ? null : { message: error, at: isoTime(status.lastErrorAtUnixMs) },
    problem: issueOf(language, status.problemCode, { description: error }),
    defaultBaseUrl: orNull(status.defaultBaseUrl),
    telegram: username === "" ? null : { username, name },
  };
}
