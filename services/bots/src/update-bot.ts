import type { UpdateBotRequest } from "@botfactory/proto/bots/v1/bots";
import { userOfToken } from "./create-bot.ts";
import { type OwnedBot, ownedBot } from "./domain/account-state.ts";
import { botDescription, botLanguage, botName, botPrompt, botToken } from "./domain/bot-fields.ts";
import { webhookInForce } from "./domain/bot-webhooks.ts";
import type { NewToken } from "./domain/change-bot.ts";
import type { BotOfOwner } from "./revoke-token.ts";
import { setWebhook, type WebhookDeps } from "./set-webhook.ts";

/** Changes what is given, all of it or nothing. */
export async function updateBot(
  deps: WebhookDeps,
  { ownerId, bot }: BotOfOwner,
  request: UpdateBotRequest,
): Promise<{ bot: OwnedBot; revision: number }> {
  const { name, description, language, systemPrompt, telegramToken, paused } = request;
  const changed = await deps.accounts.handle(ownerId, {
    type: "ChangeBot",
    botId: bot.id,
    name: name === undefined ? undefined : botName(name),
    description: description === undefined ? undefined : botDescription(description),
    language: language === undefined ? undefined : botLanguage(language),
    systemPrompt: systemPrompt === undefined ? undefined : botPrompt(systemPrompt),
    token: telegramToken === undefined ? undefined : await acceptedToken(deps, bot.id, botToken(telegramToken)),
    paused,
  });
  const after = ownedBot(changed.state, bot.id);
  if (after.pausedBy !== bot.pausedBy) await deps.table.publish(ownerId, bot.id, changed.revision);
  if (after.tokenVersion === bot.tokenVersion) return { bot: after, revision: changed.revision };
  return { bot: after, revision: await followWithWebhook(deps, { ownerId, bot: after }, changed.revision) };
}

async function acceptedToken({ telegram, secrets }: WebhookDeps, botId: string, token: string): Promise<NewToken> {
  const user = await userOfToken(telegram, token);
  return {
    telegramBotId: user.id,
    telegramUsername: user.username,
    sealedToken: await secrets.sealToken(botId, token),
    tokenLast4: token.slice(-4),
  };
}

/** Telegram keeps webhooks by token: without this a bot with a new token would hear nothing any more. */
async function followWithWebhook(deps: WebhookDeps, owned: BotOfOwner, revision: number): Promise<number> {
  const webhook = webhookInForce(owned.bot.webhooks);
  if (webhook === undefined || owned.bot.pausedBy !== undefined) return revision;
  // The token is replaced either way; a failure is in the log and in the webhook's status.
  return setWebhook(deps, owned, webhook.baseUrl).catch(() => revision);
}
