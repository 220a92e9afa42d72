import type { BotOfOwner } from "./revoke-token.ts";
import type { WebhookDeps } from "./set-webhook.ts";

/** The webhook goes first, so that Telegram stops; a bot whose token is dead or Telegram away goes all the same. */
export async function deleteBot(deps: WebhookDeps, { ownerId, bot }: BotOfOwner): Promise<number> {
  await deps.secrets
    .token(bot)
    .then(deps.telegram.deleteWebhook)
    .catch(() => undefined);
  const { revision } = await deps.accounts.deleteBot(ownerId, bot.id);
  await deps.table.publish(ownerId, bot.id, revision);
  await deps.secrets.forget(bot.id);
  return revision;
}
