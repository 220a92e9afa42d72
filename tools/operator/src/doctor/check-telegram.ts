import { protectSecrets } from "@botfactory/service-kit";
import { z } from "zod";
import { examine, type Finding, failed, passed, skipped } from "./finding.ts";
import { below, get, plain } from "./http.ts";

const answerSchema = z.object({ ok: z.boolean(), description: z.string().optional(), result: z.unknown().optional() });
const me = z.object({ id: z.number(), username: z.string().optional() });
const webhookInfo = z.object({
  url: z.string(),
  pending_update_count: z.number(),
  last_error_date: z.number().optional(),
  last_error_message: z.string().optional(),
});

const TOKEN = /^\d+:[A-Za-z0-9_-]+$/;
const RECENT_MS = 10 * 60_000;
const NOT_REACHED =
  "open the way out to TELEGRAM_API_ROOT (port 443 of api.telegram.org), or correct TELEGRAM_API_ROOT";
const NO_BOT =
  "to look at one, give its token: --bot-token-file, BOT_TOKEN_FILE, or the Secret of operator.botTokenSecret (docs/operations/operator.md)";
const REFUSED =
  "take the bot's token from @BotFather (/token) and enter it in the console; a revoked one never works again";
const NO_WEBHOOK = "press Set Webhook in the console (Webhook Setup); nothing to do with TELEGRAM_UPDATES=polling";
const NOT_DELIVERED =
  "Telegram must reach this address: HTTPS, a valid certificate, ingress behind it (docs/operations/webhooks.md)";

export interface TelegramCheck {
  readonly root: string;
  /** What the file of a bot's token holds; without it only the way to Telegram is checked. */
  readonly botToken?: string | undefined;
  readonly now: () => number;
}

/** The way to Telegram, and one bot's token and webhook. */
export async function checkTelegram({ root, botToken, now }: TelegramCheck): Promise<Finding[]> {
  const reached = examine({ what: "Telegram", remedy: NOT_REACHED, run: () => reach(root, now) });
  if (botToken === undefined) return [await reached, skipped("Telegram bot", NO_BOT)];
  const token = botToken.trim();
  protectSecrets([token]);
  if (!TOKEN.test(token)) {
    return [await reached, failed("Telegram bot", "the file holds no bot token", "write 123456:ABC… into it, alone")];
  }
  const bot = { root, botToken: token, now };
  return Promise.all([
    reached,
    examine({ what: "Telegram bot", remedy: NOT_REACHED, run: () => getMe(bot) }),
    examine({ what: "Telegram webhook", remedy: NOT_REACHED, run: () => getWebhookInfo(bot) }),
  ]);
}

async function call({ root, botToken, now }: Required<TelegramCheck>, method: string) {
  const { body, status } = await get(below(root, `bot${botToken}/${method}`), { now });
  return { status, answer: answerSchema.safeParse(body).data };
}

async function reach(root: string, now: () => number): Promise<Finding> {
  // A token that cannot be: Telegram's own refusal shows that it is the Bot API that answers.
  const { answer, status } = await call({ root, botToken: "0:doctor", now }, "getMe");
  if (answer !== undefined) return passed("Telegram", `${plain(root)} answers`);
  return failed("Telegram", `${plain(root)} answers ${status}, not as the Bot API does`, NOT_REACHED);
}

async function getMe(bot: Required<TelegramCheck>): Promise<Finding> {
  const { answer, status } = await call(bot, "getMe");
  if (!answer?.ok) return failed("Telegram bot", `getMe: ${status} ${answer?.description ?? ""}`, REFUSED);
  const { id, username } = me.parse(answer.result);
  return passed("Telegram bot", `@${username ?? "?"} (${id})`);
}

async function getWebhookInfo(bot: Required<TelegramCheck>): Promise<Finding> {
  const what = "Telegram webhook";
  const { answer, status } = await call(bot, "getWebhookInfo");
  if (!answer?.ok) return failed(what, `getWebhookInfo: ${status} ${answer?.description ?? ""}`, REFUSED);
  const { url, pending_update_count: waiting, ...last } = webhookInfo.parse(answer.result);
  if (url === "") return failed(what, `none is set, ${waiting} updates wait`, NO_WEBHOOK);
  const found = `${plain(url)}, ${waiting} updates wait`;
  if (last.last_error_date === undefined) return passed(what, `${found}, no error`);
  const at = last.last_error_date * 1000;
  const told = `${found}, last error ${new Date(at).toISOString()}: ${last.last_error_message ?? "?"}`;
  // Telegram remembers an error for ever: an old one with nothing waiting is over.
  return waiting > 0 || bot.now() - at < RECENT_MS ? failed(what, told, NOT_DELIVERED) : passed(what, told);
}
