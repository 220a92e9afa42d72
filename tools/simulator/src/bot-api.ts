import express, { type Request, type Response, Router } from "express";
import { parseArguments } from "./arguments.ts";
import { runCall } from "./bot-calls.ts";
import { botIdOf } from "./bots.ts";
import { isJson, type Json } from "./message.ts";
import { errorBody, TelegramError } from "./telegram-error.ts";
import type { World } from "./world.ts";

const MAX_BODY = "10mb";

/** The paths `/bot<token>/<method>`, spoken exactly as Telegram speaks them. */
export function botApi(world: World): Router {
  const router = Router({ caseSensitive: true });
  router.use(express.raw({ type: () => true, limit: MAX_BODY }));
  router.all(/^(?:\/via\/([a-z0-9-]+))?\/bot([^/]*)\/([^/]*)\/?$/, async (request, response) => {
    const { 0: caller, 1: token = "", 2: method = "" } = request.params;
    try {
      await answerCall(world, { token, method, caller, request, response });
    } catch (error) {
      if (!(error instanceof TelegramError)) throw error;
      sendError(response, error);
    }
  });
  router.all(/^\/(bot|file)/, (_request, response) => sendError(response, new TelegramError(404, "Not Found")));
  return router;
}

interface Exchange {
  readonly token: string;
  readonly method: string;
  readonly caller: string | undefined;
  readonly request: Request;
  readonly response: Response;
}

async function answerCall(world: World, { token, method, caller, request, response }: Exchange): Promise<void> {
  const args = await readArguments(request);
  const bot = world.bots.authenticate(token);
  if (!bot) return refuseToken(world, { token, method, caller, response }, args);
  const gone = new AbortController();
  response.on("close", () => gone.abort());
  const outcome = await runCall(world, { bot, method, args, via: "http", caller, signal: gone.signal });
  if (outcome.lost === "reset") request.socket.resetAndDestroy();
  if (outcome.lost === undefined && !response.destroyed) send(response, outcome.status, outcome.body);
}

function readArguments(request: Request): Promise<Json> {
  const query = Object.fromEntries(new URL(request.originalUrl, "http://localhost").searchParams);
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  return parseArguments(query, body, request.headers["content-type"] ?? "application/json");
}

function refuseToken(world: World, { response, ...call }: Omit<Exchange, "request">, payload: Json): void {
  const { token, method, caller } = call;
  const botId = botIdOf(token);
  const error = botId === undefined ? new TelegramError(404, "Not Found") : new TelegramError(401, "Unauthorized");
  world.ledger.call({
    at: Date.now(),
    botId,
    method,
    payload: "secret_token" in payload ? { ...payload, secret_token: "(hidden)" } : payload,
    via: "http",
    caller,
    status: error.code,
    response: errorBody(error),
    executed: false,
    fault: undefined,
    durationMs: 0,
  });
  sendError(response, error);
}

function sendError(response: Response, error: TelegramError): void {
  send(response, error.code, errorBody(error));
}

function send(response: Response, status: number, body: unknown): void {
  const parameters = isJson(body) && isJson(body["parameters"]) ? body["parameters"] : {};
  const retryAfter = parameters["retry_after"];
  if (retryAfter !== undefined) response.set("retry-after", String(retryAfter));
  response.status(status).type("json").send(JSON.stringify(body));
}
