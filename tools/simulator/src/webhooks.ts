import type { Bot, Webhook } from "./bots.ts";
import { type Delivery, type DeliverySettings, delivery } from "./delivery.ts";
import type { Updates } from "./updates.ts";

type Shared = Omit<DeliverySettings, "bot" | "webhook" | "dropWebhook">;

export type Webhooks = ReturnType<typeof webhooks>;

/** Keeps one delivery running for each bot that has a webhook. */
export function webhooks(updates: Updates, shared: Shared) {
  const running = new Map<number, { readonly delivery: Delivery; readonly unlisten: () => void }>();

  function start(bot: Bot, webhook: Webhook): void {
    bot.webhook = webhook;
    const started = delivery({ ...shared, bot, webhook, dropWebhook: remove });
    running.set(bot.id, { delivery: started, unlisten: updates.listen(bot, started.wake) });
    started.wake();
  }

  function remove(bot: Bot): void {
    halt(bot.id);
    bot.webhook = undefined;
  }

  function halt(botId: number): void {
    const current = running.get(botId);
    current?.unlisten();
    current?.delivery.stop();
    running.delete(botId);
  }

  function set(bot: Bot, webhook: Webhook): void {
    halt(bot.id);
    start(bot, webhook);
  }

  const stop = () => {
    for (const botId of [...running.keys()]) halt(botId);
  };

  return { set, remove, stop };
}
