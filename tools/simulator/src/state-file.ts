import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { Bot } from "./bots.ts";
import type { Conversation } from "./chats.ts";
import { isJson, type User } from "./message.ts";
import type { PendingUpdate } from "./updates.ts";
import type { World } from "./world.ts";

export interface State {
  readonly bots: readonly Bot[];
  readonly users: readonly User[];
  readonly chats: ReadonlyMap<string, Conversation>;
}

interface StoredState {
  readonly bots: readonly (Omit<Bot, "updates"> & { readonly updates: readonly PendingUpdate[] })[];
  readonly users: readonly User[];
  readonly chats: readonly (readonly [string, Conversation])[];
}

const SAVE_AFTER_MS = 300;

/** An absent file is an empty Telegram; a broken one stops the start, so nobody loses it by overwriting. */
export async function loadState(path: string | undefined): Promise<State> {
  const stored = path === undefined ? undefined : await readIfThere(path);
  const { bots, users, chats }: StoredState = stored ?? { bots: [], users: [], chats: [] };
  return {
    bots: bots.map((bot) => ({ ...bot, updates: new Map(bot.updates.map((update) => [update.id, update])) })),
    users,
    chats: new Map(chats),
  };
}

async function readIfThere(path: string): Promise<StoredState | undefined> {
  try {
    return JSON.parse(await readFile(path, "utf8"));
  } catch (error) {
    if (isJson(error) && error["code"] === "ENOENT") return undefined;
    throw error;
  }
}

/** Saves soon after a change, one writer at a time. */
export function stateKeeper(world: World, path: string | undefined): { stop: () => Promise<void> } {
  if (path === undefined) return { stop: async () => {} };
  let timer: NodeJS.Timeout | undefined;
  let saving = Promise.resolve();
  const save = () => {
    saving = saving.then(() => writeState(path, world));
    return saving;
  };
  const unsubscribe = world.changes.subscribe(() => {
    timer ??= setTimeout(() => {
      timer = undefined;
      void save();
    }, SAVE_AFTER_MS);
  });
  const stop = () => {
    unsubscribe();
    clearTimeout(timer);
    return save();
  };
  return { stop };
}

async function writeState(path: string, { bots, users, chats }: World): Promise<void> {
  const state: StoredState = {
    bots: bots.list().map((bot) => ({ ...bot, updates: [...bot.updates.values()] })),
    users: users.list(),
    chats: [...chats.entries()],
  };
  await mkdir(dirname(path), { recursive: true });
  // Tokens are inside; and a crash in mid-write must leave the old file.
  await writeFile(`${path}.new`, JSON.stringify(state), { mode: 0o600 });
  await rename(`${path}.new`, path);
}
