import { DomainError } from "@botfactory/decider";
import type { WebhookStatusSchema } from "@botfactory/proto/bots/v1/bots";
import type { MessageInitShape } from "@bufbuild/protobuf";
import { webhookInForce } from "./domain/bot-webhooks.ts";
import { isWebhookSet, webhookProblem } from "./domain/webhook-problem.ts";
import { type BotOfOwner, withToken } from "./revoke-token.ts";
import type { WebhookDeps } from "./set-webhook.ts";
import { TelegramRefused, type TelegramUser, type WebhookInfo } from "./telegram.ts";

export type WebhookStatus = MessageInitShape<typeof WebhookStatusSchema>;

interface Answered {
  readonly info: WebhookInfo;
  readonly user: TelegramUser;
}

/** What Telegram and the log know of a webhook; that Telegram cannot be asked is part of the answer. */
export async function webhookStatus(
  deps: WebhookDeps & { readonly now: () => number },
  owned: BotOfOwner,
): Promise<WebhookStatus> {
  const { bot } = owned;
  const answer = await askTelegram(deps, owned);
  const known = typeof answer === "object" ? answer : undefined;
  return {
    set: known !== undefined && isWebhookSet(bot, known.info),
    url: known?.info.url ?? "",
    pendingUpdateCount: known?.info.pendingUpdates ?? 0,
    lastErrorMessage: known?.info.lastErrorMessage || bot.webhookFailure?.description || "",
    lastErrorAtUnixMs: BigInt(known?.info.lastErrorAtUnixMs ?? 0),
    problemCode: webhookProblem(bot, typeof answer === "object" ? answer.info : answer, deps.now()),
    defaultBaseUrl: deps.webhooks.defaultBaseUrl,
    ...modeOf(owned),
    telegramUsername: known?.user.username ?? bot.telegramUsername,
    telegramName: known?.user.name ?? "",
  };
}

function modeOf({ bot }: BotOfOwner): Pick<WebhookStatus, "mode"> {
  const mode = webhookInForce(bot.webhooks)?.mode;
  return mode === undefined ? {} : { mode };
}

async function askTelegram(deps: WebhookDeps, owned: BotOfOwner): Promise<Answered | "revoked" | "unreachable"> {
  if (owned.bot.tokenRevoked) return "revoked";
  try {
    return await withToken(deps, owned, async (token) => {
      const [info, user] = await Promise.all([deps.telegram.getWebhookInfo(token), deps.telegram.getMe(token)]);
      return { info, user };
    });
  } catch (error) {
    // Any other refusal says as little about the webhook as silence does.
    if (error instanceof TelegramRefused) return "unreachable";
    if (!(error instanceof DomainError)) throw error;
    if (error.code === "token_revoked") return "revoked";
    if (error.code.startsWith("telegram_")) return "unreachable";
    throw error;
  }
}
