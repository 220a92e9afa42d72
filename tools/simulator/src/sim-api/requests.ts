import type { Request } from "express";
import { type ZodType, z } from "zod";
import type { Bot } from "../bots.ts";
import { type Conversation, typingNow } from "../chats.ts";
import type { World } from "../world.ts";

/** A mistake of whoever drives the simulator; never a Telegram refusal. */
export class SimError extends Error {
  override readonly name = "SimError";
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export const telegramId = z.coerce.number().int();
export const timeout = z.coerce.number().int().min(0).max(600_000).default(10_000);

export function read<T>(schema: ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value ?? {});
  if (!parsed.success) throw new SimError(400, z.prettifyError(parsed.error));
  return parsed.data;
}

export function botById(world: World, id: unknown): Bot {
  const bot = world.bots.get(Number(id));
  if (!bot) throw new SimError(404, `no bot ${id}`);
  return bot;
}

/** Without a bot the first chat of that id is meant: most tests have one bot. */
export function findChat(
  world: World,
  { botId, chatId }: { botId?: number | undefined; chatId: number },
): Conversation | undefined {
  if (botId !== undefined) return world.chats.find(botId, chatId);
  return [...world.chats.entries().values()].find(({ chat }) => chat.id === chatId);
}

export function chatView(conversation: Conversation) {
  const { chat, messages, draft, keyboard, blocked, botIds } = conversation;
  return { chat, botIds, messages, typing: typingNow(conversation), draft: draft?.text, keyboard, blocked };
}

/** Ends a waiting request's work when its caller hangs up. */
export function goneSignal(request: Request): AbortSignal {
  const gone = new AbortController();
  request.res?.on("close", () => gone.abort());
  return gone.signal;
}
