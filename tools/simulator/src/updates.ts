import type { Bot } from "./bots.ts";
import type { Json } from "./message.ts";

export interface PendingUpdate {
  readonly id: number;
  /** Updates of one queue are delivered one after another; different queues side by side. */
  readonly queue: string;
  readonly body: Json;
  readonly expiresAt: number;
}

export interface NewUpdate {
  readonly kind: string;
  readonly body: unknown;
  readonly queue: string;
  readonly livesMs: number;
}

// Bot API, setWebhook: these three are sent only to bots that ask for them by name.
const ON_REQUEST_ONLY = new Set(["chat_member", "message_reaction", "message_reaction_count"]);

function isAllowed({ allowedUpdates }: Bot, kind: string): boolean {
  return allowedUpdates ? allowedUpdates.includes(kind) : !ON_REQUEST_ONLY.has(kind);
}

export type Updates = ReturnType<typeof updates>;

export function updates() {
  const listeners = new Map<number, () => void>();

  function push(bot: Bot, { kind, body, queue, livesMs }: NewUpdate): number | undefined {
    if (!isAllowed(bot, kind)) return undefined;
    const id = bot.nextUpdateId++;
    bot.updates.set(id, { id, queue, body: { update_id: id, [kind]: body }, expiresAt: Date.now() + livesMs });
    listeners.get(bot.id)?.();
    return id;
  }

  /** One consumer a bot: the webhook's delivery or the waiting getUpdates. */
  function listen(bot: Bot, onNew: () => void): () => void {
    listeners.set(bot.id, onNew);
    return () => {
      if (listeners.get(bot.id) === onNew) listeners.delete(bot.id);
    };
  }

  return { push, listen };
}

export function dropExpired(bot: Bot): void {
  const now = Date.now();
  for (const { id, expiresAt } of bot.updates.values()) if (expiresAt < now) bot.updates.delete(id);
}
