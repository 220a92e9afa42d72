import { randomBytes, randomInt } from "node:crypto";
import type { Json, User } from "./message.ts";
import type { PendingUpdate } from "./updates.ts";

export interface Webhook {
  readonly url: string;
  readonly secretToken: string;
  readonly maxConnections: number;
  lastErrorDate: number | undefined;
  lastErrorMessage: string | undefined;
}

export interface Bot {
  readonly id: number;
  readonly username: string;
  readonly firstName: string;
  readonly readsAllGroupMessages: boolean;
  token: string;
  revoked: boolean;
  webhook: Webhook | undefined;
  allowedUpdates: readonly string[] | undefined;
  readonly commands: Record<string, readonly Json[]>;
  nextUpdateId: number;
  nextMessageId: number;
  readonly updates: Map<number, PendingUpdate>;
}

export interface BotWish {
  readonly username?: string | undefined;
  readonly firstName?: string | undefined;
  readonly token?: string | undefined;
  readonly readsAllGroupMessages?: boolean | undefined;
}

const TOKEN = /^([1-9]\d{0,15}):[A-Za-z0-9_-]{1,80}$/;

/** Undefined for what Telegram answers with 404 before it looks at any bot. */
export function botIdOf(token: string): number | undefined {
  const digits = TOKEN.exec(token)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

const newToken = (id: number) => `${id}:AA${randomBytes(25).toString("base64url").slice(0, 33)}`;

export function asUser({ id, firstName, username }: Bot): User {
  return { id, is_bot: true, first_name: firstName, username };
}

export type Bots = ReturnType<typeof bots>;

export function bots(known: readonly Bot[]) {
  const byId = new Map(known.map((bot) => [bot.id, bot]));

  function freshId(): number {
    const id = randomInt(1_000_000_000, 8_000_000_000);
    return byId.has(id) ? freshId() : id;
  }

  function create({ username, firstName, token, readsAllGroupMessages = false }: BotWish): Bot {
    const id = token === undefined ? freshId() : botIdOf(token);
    if (id === undefined) throw new Error("a token looks like 123456:AAH…");
    // Naming a known token again is how a restarted demo finds its bots.
    const before = byId.get(id);
    if (before && before.token === token) return before;
    if ([...byId.values()].some((other) => other.username === username)) throw new Error(`@${username} is taken`);
    const bot: Bot = {
      id,
      username: username ?? `sim_${id}_bot`,
      firstName: firstName ?? username ?? "Simulated bot",
      readsAllGroupMessages,
      token: token ?? newToken(id),
      revoked: false,
      webhook: undefined,
      allowedUpdates: undefined,
      commands: {},
      // Telegram starts at a random number too, so nobody may rely on the first id.
      nextUpdateId: randomInt(1, 900_000_000),
      nextMessageId: 1,
      updates: new Map(),
    };
    byId.set(id, bot);
    return bot;
  }

  function authenticate(token: string): Bot | undefined {
    const bot = byId.get(botIdOf(token) ?? 0);
    return bot?.token === token && !bot.revoked ? bot : undefined;
  }

  return {
    create,
    authenticate,
    get: (id: number) => byId.get(id),
    list: () => [...byId.values()],
    rotate: (bot: Bot) => {
      bot.token = newToken(bot.id);
      bot.revoked = false;
    },
  };
}
