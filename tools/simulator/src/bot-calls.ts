import { setTimeout as wait } from "node:timers/promises";
import type { Answer } from "./api-methods/call.ts";
import { findMethod } from "./api-methods/methods.ts";
import { type Arguments, text } from "./arguments.ts";
import type { Bot } from "./bots.ts";
import { errorOf } from "./fault-error.ts";
import type { Fault } from "./faults.ts";
import type { Json } from "./message.ts";
import { errorBody, TelegramError } from "./telegram-error.ts";
import type { World } from "./world.ts";

export interface CallRequest {
  readonly bot: Bot;
  readonly method: string;
  readonly args: Arguments;
  readonly via: "http" | "webhook-reply";
  readonly caller?: string | undefined;
  readonly signal: AbortSignal;
}

/** `lost` tells the transport to give no answer: cut the connection or keep it open for ever. */
export interface CallOutcome {
  readonly status: number;
  readonly body: unknown;
  readonly lost?: "reset" | "hang" | undefined;
}

interface Executed extends CallOutcome {
  readonly executed: boolean;
}

/** Runs one call under the scripted faults and writes it into the ledger. */
export async function runCall(world: World, request: CallRequest): Promise<CallOutcome> {
  const { bot, method, args, via, caller } = request;
  const at = Date.now();
  const chatId = Number(text(args, "chat_id")) || undefined;
  const fault = world.faults.strike({ botId: bot.id, chatId, method });
  const { executed, ...outcome } = await underFault(world, request, fault);
  world.ledger.call({
    at,
    botId: bot.id,
    method: findMethod(method)?.name ?? method,
    payload: withoutSecrets(args),
    via,
    caller,
    status: outcome.lost ? undefined : outcome.status,
    response: outcome.body,
    executed,
    fault: fault?.kind,
    durationMs: Date.now() - at,
  });
  return outcome;
}

async function underFault(world: World, request: CallRequest, fault: Fault | undefined): Promise<Executed> {
  if (!fault) return execute(world, request);
  const error = errorOf(fault);
  if (error) return refusal(error);
  const nothing = { status: 0, body: undefined, executed: false };
  switch (fault.kind) {
    case "reset-before":
      return { ...nothing, lost: "reset" };
    case "hang-before":
      return { ...nothing, lost: "hang" };
    case "reset-after":
      return { ...(await execute(world, request)), lost: "reset" };
    case "hang-after":
      return { ...(await execute(world, request)), lost: "hang" };
    default:
      await wait(fault.delayMs ?? 1000, undefined, { ref: false });
      return execute(world, request);
  }
}

async function execute(world: World, { bot, method, args, signal }: CallRequest): Promise<Executed> {
  const found = findMethod(method);
  if (!found) return refusal(new TelegramError(404, "Not Found: method not found"));
  try {
    const answer: Answer = await found.run({ world, bot, args, signal });
    return { status: 200, body: { ok: true, ...answer }, executed: true };
  } catch (error) {
    if (error instanceof TelegramError) return refusal(error);
    throw error;
  }
}

function refusal(error: TelegramError): Executed {
  return { status: error.code, body: errorBody(error), executed: false };
}

function withoutSecrets(args: Arguments): Json {
  return "secret_token" in args ? { ...args, secret_token: "(hidden)" } : args;
}

/** What a webhook answered: Telegram runs its `method`, except those that read or change the webhook. */
export function replyCall(answer: string): { readonly method: string; readonly args: Arguments } | undefined {
  try {
    const { method, ...args } = JSON.parse(answer);
    if (typeof method !== "string" || method === "") return undefined;
    return /^(get.*|setwebhook|deletewebhook|close|logout)$/i.test(method) ? undefined : { method, args };
  } catch {
    return undefined;
  }
}
