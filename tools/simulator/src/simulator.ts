import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import express, { type Express } from "express";
import { botApi } from "./bot-api.ts";
import { replyCall, runCall } from "./bot-calls.ts";
import { type Bot, bots } from "./bots.ts";
import { callbackQueries } from "./callback-queries.ts";
import { changes } from "./changes.ts";
import { chats } from "./chats.ts";
import { faults } from "./faults.ts";
import { ledger } from "./ledger.ts";
import { polling } from "./polling.ts";
import { simApi } from "./sim-api/sim-api.ts";
import { loadState, type State, stateKeeper } from "./state-file.ts";
import { updates } from "./updates.ts";
import { users } from "./users.ts";
import { webhookPost } from "./webhook-post.ts";
import { webhooks } from "./webhooks.ts";
import type { Rules, World } from "./world.ts";

export interface SimulatorOptions {
  /** 0 or absent picks a free port. */
  readonly port?: number;
  /** Loopback unless said: the simulator has no passwords. */
  readonly host?: string;
  /** Where bots, users and chats survive a restart; absent keeps nothing. */
  readonly dataFile?: string;
  /** Multiplies Telegram's waits between deliveries and the life of an update; 1 unless said. */
  readonly retryScale?: number;
  /** True unless said: webhooks may use http and any port, as with `telegram-bot-api --local`. */
  readonly localMode?: boolean;
  /** After this a webhook's silence counts as a failure; 60,000 unless said. */
  readonly webhookTimeoutMs?: number;
}

export interface Simulator {
  readonly url: string;
  stop(): Promise<void>;
}

const PAGE = fileURLToPath(new URL("../chat-page/", import.meta.url));

/** Starts a Telegram of our own: Bot API at `/bot<token>/…`, control at `/sim`, chat page at `/`. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const { port = 0, host = "127.0.0.1", retryScale = 1, localMode = true, webhookTimeoutMs = 60_000 } = options;
  const { world, stop: stopWorld } = createWorld(
    { retryScale, localMode, webhookTimeoutMs },
    await loadState(options.dataFile),
  );
  const keeper = stateKeeper(world, options.dataFile);
  const server = createServer(application(world));
  server.listen(port, host);
  await once(server, "listening");
  for (const bot of world.bots.list()) if (bot.webhook) world.webhooks.set(bot, bot.webhook);

  async function stop(): Promise<void> {
    stopWorld();
    await close(server);
    await keeper.stop();
  }
  return { url: `http://${host === "0.0.0.0" ? "127.0.0.1" : host}:${portOf(server)}`, stop };
}

function createWorld(rules: Rules, known: State): { world: World; stop: () => void } {
  const news = changes();
  const queue = updates();
  const book = ledger(news);
  const poster = webhookPost();
  const shared = {
    post: poster.post,
    ledger: book,
    retryScale: rules.retryScale,
    timeoutMs: rules.webhookTimeoutMs,
    runReply,
  };
  const world: World = {
    bots: bots(known.bots),
    users: users(known.users),
    chats: chats(known.chats, news),
    updates: queue,
    webhooks: webhooks(queue, shared),
    polling: polling(queue),
    callbackQueries: callbackQueries(),
    faults: faults(),
    ledger: book,
    changes: news,
    post: poster.post,
    rules,
  };

  function runReply(bot: Bot, answer: string): void {
    const call = replyCall(answer);
    if (call) void runCall(world, { bot, ...call, via: "webhook-reply", signal: new AbortController().signal });
  }

  const stop = () => {
    world.webhooks.stop();
    poster.stop();
  };
  return { world, stop };
}

function application(world: World): Express {
  const app = express().disable("x-powered-by");
  app.get("/healthz", (_request, response) => {
    response.json({ ok: true });
  });
  app.use("/sim", simApi(world));
  app.use(botApi(world));
  const headers = {
    "content-security-policy": "default-src 'self'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
  };
  app.use(express.static(PAGE, { setHeaders: (response) => response.setHeaders(new Map(Object.entries(headers))) }));
  return app;
}

function portOf(server: Server): number {
  const address: AddressInfo | string | null = server.address();
  return typeof address === "object" && address ? address.port : 0;
}

/** Long polls and event streams would keep the server open for ever. */
async function close(server: Server): Promise<void> {
  const closed = once(server, "close");
  server.close();
  server.closeAllConnections();
  await closed;
}
