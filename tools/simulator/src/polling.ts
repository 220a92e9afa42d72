import type { Bot } from "./bots.ts";
import type { Json } from "./message.ts";
import { TelegramError } from "./telegram-error.ts";
import { dropExpired, type Updates } from "./updates.ts";

export interface Poll {
  readonly offset: number;
  readonly limit: number;
  readonly timeoutSeconds: number;
  readonly signal: AbortSignal;
}

const BY_OTHER_POLL =
  "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running";
const BY_WEBHOOK = "Conflict: terminated by setWebhook request";

export type Polling = ReturnType<typeof polling>;

/** Long polling: at most one waiting request a bot, as Telegram allows. */
export function polling(updates: Updates) {
  const waiting = new Map<number, (refusal: string) => void>();

  function take(bot: Bot, { offset, limit }: Poll): readonly Json[] {
    dropExpired(bot);
    const ids = [...bot.updates.keys()];
    const from = offset < 0 ? (ids.at(offset) ?? ids[0] ?? 0) : offset;
    for (const id of ids) if (id < from) bot.updates.delete(id);
    return [...bot.updates.values()].slice(0, limit).map(({ body }) => body);
  }

  function poll(bot: Bot, request: Poll): Promise<readonly Json[]> {
    waiting.get(bot.id)?.(BY_OTHER_POLL);
    const now = take(bot, request);
    if (now.length > 0 || request.timeoutSeconds === 0) return Promise.resolve(now);
    return new Promise((resolve, reject) => {
      const finish = () => {
        clearTimeout(timer);
        unlisten();
        request.signal.removeEventListener("abort", answer);
        if (waiting.get(bot.id) === refuse) waiting.delete(bot.id);
      };
      const answer = () => {
        finish();
        resolve(take(bot, request));
      };
      const refuse = (reason: string) => {
        finish();
        reject(new TelegramError(409, reason));
      };
      const unlisten = updates.listen(bot, answer);
      const timer = setTimeout(answer, request.timeoutSeconds * 1000);
      request.signal.addEventListener("abort", answer);
      waiting.set(bot.id, refuse);
    });
  }

  return { poll, abort: (bot: Bot) => waiting.get(bot.id)?.(BY_WEBHOOK) };
}
