import { flag, integer, text } from "../arguments.ts";
import type { Bot } from "../bots.ts";
import { badRequest, tooManyRequests } from "../telegram-error.ts";
import { dropExpired } from "../updates.ts";
import type { Rules } from "../world.ts";
import { allowedUpdates } from "./allowed-updates.ts";
import type { Call, Method } from "./call.ts";

const DEFAULT_CONNECTIONS = 40;
const MAX_SECRET_LENGTH = 256;
const PUBLIC_PORTS = new Set(["", "80", "88", "443", "8443"]);
const PRIVATE_ADDRESS = /^(localhost|127\.|10\.|192\.168\.|169\.254\.|172\.(1[6-9]|2\d|3[01])\.|0\.|\[)/;

/** Telegram takes one setWebhook a second from a bot. */
const allowedAgainAt = new WeakMap<Bot, number>();

export const setWebhook: Method = (call) => {
  const { world, bot, args } = call;
  const url = text(args, "url");
  if (url === "") return deleteWebhook(call);
  const now = Date.now();
  if (now < (allowedAgainAt.get(bot) ?? 0)) throw tooManyRequests(1);
  allowedAgainAt.set(bot, now + 1000 * world.rules.retryScale);
  const webhook = {
    url: checkedUrl(url, world.rules),
    secretToken: checkedSecret(text(args, "secret_token")),
    maxConnections: integer(args, "max_connections", { default: DEFAULT_CONNECTIONS, min: 1, max: 100 }),
    lastErrorDate: undefined,
    lastErrorMessage: undefined,
  };
  const before = bot.webhook;
  const same =
    before?.url === webhook.url &&
    before.secretToken === webhook.secretToken &&
    before.maxConnections === webhook.maxConnections &&
    !flag(args, "drop_pending_updates");
  bot.allowedUpdates = allowedUpdates(args, bot.allowedUpdates);
  if (same) return { result: true, description: "Webhook is already set" };
  dropPendingIfAsked(call);
  world.polling.abort(bot);
  world.webhooks.set(bot, webhook);
  return { result: true, description: "Webhook was set" };
};

export const deleteWebhook: Method = (call) => {
  const { world, bot } = call;
  dropPendingIfAsked(call);
  if (!bot.webhook) return { result: true, description: "Webhook is already deleted" };
  world.webhooks.remove(bot);
  return { result: true, description: "Webhook was deleted" };
};

export const getWebhookInfo: Method = ({ bot }) => {
  dropExpired(bot);
  const { webhook, allowedUpdates } = bot;
  return {
    result: {
      url: webhook?.url ?? "",
      has_custom_certificate: false,
      pending_update_count: bot.updates.size,
      ...(webhook?.lastErrorDate && { last_error_date: webhook.lastErrorDate }),
      ...(webhook?.lastErrorMessage && { last_error_message: webhook.lastErrorMessage }),
      ...(webhook && { max_connections: webhook.maxConnections, ip_address: addressOf(webhook.url) }),
      ...(allowedUpdates && { allowed_updates: allowedUpdates }),
    },
  };
};

function dropPendingIfAsked({ bot, args }: Call): void {
  if (flag(args, "drop_pending_updates")) bot.updates.clear();
}

function checkedUrl(given: string, { localMode }: Rules): string {
  const url = /^[a-z]+:\/\//i.test(given) ? given : `https://${given}`;
  if (!URL.canParse(url) || !/^https?:/i.test(url)) throw badRequest("invalid webhook URL specified");
  if (localMode) return url;
  const { protocol, port, hostname } = new URL(url);
  if (protocol !== "https:") throw badRequest("bad webhook: An HTTPS URL must be provided for webhook");
  if (!PUBLIC_PORTS.has(port)) throw badRequest("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443");
  if (PRIVATE_ADDRESS.test(hostname)) throw badRequest(`bad webhook: IP address ${hostname} is reserved`);
  return url;
}

function checkedSecret(secret: string): string {
  if (secret.length > MAX_SECRET_LENGTH) throw badRequest("secret token is too long");
  if (!/^[A-Za-z0-9_-]*$/.test(secret)) throw badRequest("secret token contains unallowed characters");
  return secret;
}

function addressOf(url: string): string {
  const { hostname } = new URL(url);
  return /^[\d.]+$/.test(hostname) ? hostname : "<unknown>";
}
