import type { Bot } from "./bots.ts";
import type { PendingUpdate } from "./updates.ts";

/** Updates of one queue, the oldest first, and how often that one was tried. */
export interface Lane {
  readonly waiting: PendingUpdate[];
  attempts: number;
  /** What Telegram waits between tries now, before the webhook has a say. */
  delaySeconds: number;
}

/** A bot's updates by queue: within one in order, and queues in turn. */
export function deliveryLanes(bot: Bot, maxConnections: number) {
  const lanes = new Map<string, Lane>();
  const ready: string[] = [];
  let cursor = bot.updates.keys().next().value ?? bot.nextUpdateId;
  let loaded = 0;

  /** Telegram keeps only twice max_connections updates in hand, so a blocked chat can hold places of others. */
  function load(): void {
    for (; loaded < maxConnections * 2 && cursor < bot.nextUpdateId; cursor++) {
      const update = bot.updates.get(cursor);
      if (!update) continue;
      loaded++;
      const lane = lanes.get(update.queue);
      if (lane) lane.waiting.push(update);
      else {
        lanes.set(update.queue, { waiting: [update], attempts: 0, delaySeconds: 1 });
        ready.push(update.queue);
      }
    }
  }

  /** The next update that may be sent; its queue is not ready again until it is told so. */
  function next(): { readonly lane: Lane; readonly update: PendingUpdate } | undefined {
    for (let queue = ready.shift(); queue !== undefined; queue = ready.shift()) {
      const lane = lanes.get(queue);
      const update = lane?.waiting[0];
      if (lane && update) return { lane, update };
    }
    return undefined;
  }

  /** The first update of the lane is done with. */
  function settle(lane: Lane, { queue }: PendingUpdate): void {
    loaded--;
    lane.waiting.shift();
    lane.attempts = 0;
    lane.delaySeconds = 1;
    if (lane.waiting.length === 0) lanes.delete(queue);
    else ready.push(queue);
  }

  return { load, next, settle, makeReady: (queue: string) => void ready.push(queue) };
}
