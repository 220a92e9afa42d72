import { randomBytes } from "node:crypto";

interface Query {
  readonly botId: number;
  readonly chatId: number;
  readonly expiresAt: number;
}

/** Telegram forgets a pressed button after 150 seconds (the life it gives the update). */
export const CALLBACK_LIVES_MS = 150_000;

export type CallbackQueries = ReturnType<typeof callbackQueries>;

export function callbackQueries() {
  const open = new Map<string, Query>();

  function ask(botId: number, chatId: number): string {
    const id = randomBytes(8).readBigUInt64BE().toString();
    open.set(id, { botId, chatId, expiresAt: Date.now() + CALLBACK_LIVES_MS });
    return id;
  }

  /** The chat it was pressed in, once; undefined for a foreign, answered or old query. */
  function answer(botId: number, id: string): number | undefined {
    const query = open.get(id);
    if (query?.botId !== botId) return undefined;
    open.delete(id);
    return query.expiresAt >= Date.now() ? query.chatId : undefined;
  }

  return { ask, answer };
}
