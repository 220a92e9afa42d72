import type { Json, Message } from "./message.ts";

/** What the chat page streams and what wait endpoints wake up on. */
export type Change =
  | { readonly kind: "message" | "edited"; readonly botId: number; readonly chatId: number; readonly message: Message }
  | { readonly kind: "typing"; readonly botId: number; readonly chatId: number; readonly until: number }
  | { readonly kind: "draft"; readonly botId: number; readonly chatId: number; readonly text: string }
  | {
      readonly kind: "callback-answered";
      readonly botId: number;
      readonly chatId: number;
      readonly text: string;
      readonly alert: boolean;
    }
  | { readonly kind: "keyboard"; readonly botId: number; readonly chatId: number; readonly keyboard: Json | undefined }
  | { readonly kind: "bot"; readonly botId: number }
  | { readonly kind: "ledger"; readonly botId: number | undefined };

export interface Wait {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export type Changes = ReturnType<typeof changes>;

export function changes() {
  const listeners = new Set<(change: Change) => void>();

  function subscribe(listener: (change: Change) => void): () => void {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  /** Asks again after every change; undefined when the time is over or the caller has gone. */
  function until<T>(check: () => T | undefined, { timeoutMs, signal }: Wait): Promise<T | undefined> {
    return new Promise((resolve) => {
      const finish = (value: T | undefined) => {
        unsubscribe();
        clearTimeout(timer);
        signal.removeEventListener("abort", giveUp);
        resolve(value);
      };
      const giveUp = () => finish(check());
      const look = () => {
        const value = check();
        if (value !== undefined) finish(value);
      };
      const unsubscribe = subscribe(look);
      const timer = setTimeout(giveUp, timeoutMs);
      signal.addEventListener("abort", giveUp);
      look();
    });
  }

  const emit = (change: Change) => {
    for (const listener of [...listeners]) listener(change);
  };

  return { emit, subscribe, until };
}
