import type { Fault, FaultWish } from "./faults.ts";
import type { LedgerEntry, LedgerFilter } from "./ledger.ts";
import type { Chat, Json, Message, User } from "./message.ts";
import type { EditWish, PressResult, PressWish, Said } from "./play.ts";

export interface SimulatedBot {
  readonly id: number;
  readonly username: string;
  readonly firstName: string;
  readonly revoked: boolean;
  readonly webhookUrl: string;
  readonly pendingUpdates: number;
}

export interface ChatView {
  readonly chat: Chat;
  readonly messages: readonly Message[];
  readonly typing?: string;
  readonly draft?: string;
  readonly keyboard?: Json;
  readonly blocked: boolean;
}

export interface Place {
  readonly botId?: number;
  readonly chatId: number;
}

export interface DeliverWish {
  readonly update?: Json;
  readonly body?: string;
  readonly bodyBase64?: string;
  readonly urls?: readonly string[];
  readonly times?: number;
  readonly secretToken?: string | null;
  readonly headers?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
}

export interface DeliveryAnswer {
  readonly url: string;
  readonly status?: number;
  readonly error?: string;
  readonly durationMs: number;
  readonly body?: string;
}

export interface LedgerWish {
  readonly kind?: "call" | "delivery";
  readonly botId?: number;
  readonly method?: string;
  readonly since?: number;
  readonly match?: Json;
  readonly count?: number;
  readonly timeoutMs?: number;
}

export type SimulatorClient = ReturnType<typeof simulatorClient>;

/** A typed hand on `/sim`; each method rejects with the simulator's explanation when it says no. */
export function simulatorClient(url: string) {
  const http = caller(url);

  /** Acts as one Telegram user; unknown users are made up on their first act. */
  function user(id: number) {
    const act = <T>(what: string, body: Json) => http<T>("POST", `/users/${id}/${what}`, body);
    return {
      introduce: (profile: Partial<Omit<User, "id" | "is_bot">>) => http<User>("PUT", `/users/${id}`, profile),
      send: (botId: number, text: string, more: { chatId?: number; fields?: Json } = {}) =>
        act<Said>("send", { botId, text, ...more }),
      edit: (botId: number, wish: EditWish) => act<Said>("edit", { botId, ...wish }),
      press: (botId: number, wish: PressWish) => act<PressResult>("press", { botId, ...wish }),
      block: (botId: number) => act<{ updateId?: number }>("block", { botId }),
      unblock: (botId: number) => act<{ updateId?: number }>("unblock", { botId }),
    };
  }

  /** One bot as BotFather and Telegram's inside see it. */
  function bot(id: number) {
    const at = `/bots/${id}`;
    return {
      get: () => http<SimulatedBot>("GET", at),
      token: async () => (await http<{ token: string }>("GET", `${at}/token`)).token,
      revoke: () => http<SimulatedBot>("POST", `${at}/revoke`),
      rotate: async () => (await http<{ token: string }>("POST", `${at}/rotate`)).token,
      webhook: () =>
        http<{ url: string; secretToken: string; pendingUpdates: number; lastErrorMessage?: string }>(
          "GET",
          `${at}/webhook`,
        ),
      update: (update: Json) => http<{ updateId?: number }>("POST", `${at}/updates`, update),
      deliver: (wish: DeliverWish) => http<readonly DeliveryAnswer[]>("POST", `${at}/deliver`, { ...wish }),
      waitUntilIdle: (timeoutMs = 10_000) =>
        http<{ pendingUpdates: 0 }>("GET", `/wait/idle${query({ botId: id, timeoutMs })}`),
    };
  }

  return {
    url,
    user,
    bot,
    createBot: (
      wish: { username?: string; firstName?: string; token?: string; readsAllGroupMessages?: boolean } = {},
    ) => http<SimulatedBot & { token: string }>("POST", "/bots", { ...wish }),
    bots: () => http<readonly SimulatedBot[]>("GET", "/bots"),
    createGroup: (wish: { id?: number; title?: string; type?: "group" | "supergroup"; botIds: readonly number[] }) =>
      http<ChatView>("POST", "/groups", { ...wish }),
    migrateGroup: (chatId: number) => http<ChatView>("POST", `/groups/${chatId}/migrate`),
    kick: (chatId: number, botId: number) => http<ChatView>("POST", `/groups/${chatId}/kick`, { botId }),
    chat: ({ chatId, botId }: Place) => http<ChatView>("GET", `/chats/${chatId}${query({ botId })}`),
    /** All messages of bots in the chat (after `after`), as soon as there are `count`. */
    waitForReply: (wish: Place & { count?: number; after?: number; timeoutMs?: number }) =>
      http<readonly Message[]>("GET", `/wait/replies${query({ ...wish })}`),
    waitForTyping: (wish: Place & { timeoutMs?: number }) =>
      http<{ action: string }>("GET", `/wait/typing${query({ ...wish })}`),
    waitForLedger: (wish: LedgerWish) => http<readonly LedgerEntry[]>("POST", "/wait/ledger", { ...wish }),
    typing: async (place: Place) =>
      (await http<ChatView>("GET", `/chats/${place.chatId}${query({ botId: place.botId })}`)).typing,
    ledger: (filter: LedgerFilter = {}) => http<readonly LedgerEntry[]>("GET", `/ledger${query({ ...filter })}`),
    clearLedger: () => http<void>("DELETE", "/ledger"),
    fault: (wish: FaultWish) => http<Fault>("POST", "/faults", { ...wish }),
    clearFaults: () => http<void>("DELETE", "/faults"),
  };
}

function caller(url: string) {
  return async function call<T>(method: string, path: string, body?: Json): Promise<T> {
    const response = await fetch(`${url}/sim${path}`, {
      method,
      ...(body && { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
    });
    const answer = JSON.parse((await response.text()) || "null");
    if (!response.ok) throw new Error(`${method} /sim${path}: ${response.status} ${answer?.error ?? ""}`);
    return answer;
  };
}

function query(fields: Json): string {
  const given = Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]));
  return `?${new URLSearchParams(Object.fromEntries(given))}`;
}
