import { integer } from "../arguments.ts";
import { TelegramError } from "../telegram-error.ts";
import { allowedUpdates } from "./allowed-updates.ts";
import type { Method } from "./call.ts";

const CONFLICT =
  "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first";
// LONG_POLL_MAX_TIMEOUT of the Bot API server.
const MAX_TIMEOUT_SECONDS = 50;

export const getUpdates: Method = async ({ world, bot, args, signal }) => {
  if (bot.webhook) throw new TelegramError(409, CONFLICT);
  bot.allowedUpdates = allowedUpdates(args, bot.allowedUpdates);
  const result = await world.polling.poll(bot, {
    offset: integer(args, "offset", { default: 0 }),
    limit: integer(args, "limit", { default: 100, min: 1, max: 100 }),
    timeoutSeconds: integer(args, "timeout", { default: 0, min: 0, max: MAX_TIMEOUT_SECONDS }),
    signal,
  });
  return { result };
};
