import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text as textOf } from "node:stream/consumers";
import { awaitedReplies, type Reply } from "./awaited-replies.ts";
import { chatOf, telegramAnswer } from "./bot-api.ts";
import { geminiAnswer, lastWords } from "./gemini.ts";
import { type Refusal, type Weather, weatherStation } from "./weather.ts";

/** Telegram and Gemini for every system under comparison: one small server, so that the stand-in is not what is measured. */
export interface World {
  readonly url: string;
  /** How long the model thinks, ms. */
  modelMs: number;
  /** Secrets by webhook address, as systems set them. */
  readonly webhookSecrets: ReadonlyMap<string, string>;
  /** When the reply with a mark arrived; rejects after that time, ms. */
  reply(mark: string, withinMs: number): Promise<Reply>;
  /** Replies that arrived since the start. */
  readonly replies: () => number;
  /** Model calls since the start. */
  readonly modelCalls: () => number;
  /** What goes wrong from now on. */
  turnWeather(to: Weather): void;
  /** sendMessage calls that came before the `retry_after` they were told was over, since the weather turned. */
  readonly earlySends: () => number;
  stop(): Promise<void>;
}

/** Starts the outside world in this process. */
export async function startWorld(): Promise<World> {
  const replies = awaitedReplies();
  const webhookSecrets = new Map<string, string>();
  const weather = weatherStation();
  let calls = 0;

  async function think(body: string, url: string, response: ServerResponse): Promise<void> {
    calls += 1;
    const refusal = weather.call();
    if (refusal !== undefined) return refuse(response, refusal);
    const askedAt = performance.now();
    const words = lastWords(body);
    if (world.modelMs > 0) await new Promise((resolve) => setTimeout(resolve, world.modelMs));
    replies.thought(words, { askedAt, modelMs: performance.now() - askedAt });
    const { type, content } = geminiAnswer(words, url.includes("streamGenerateContent"));
    response.writeHead(200, { "content-type": type }).end(content);
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [url, body] = [request.url ?? "/", await textOf(request)];
    if (!url.startsWith("/bot")) return think(body, url, response);
    const method = url.slice(url.lastIndexOf("/") + 1).split("?")[0] ?? "";
    const refusal = method === "sendMessage" ? weather.send(chatOf(body)) : undefined;
    if (refusal !== undefined) return refuse(response, refusal);
    const call = { method, token: url.slice("/bot".length, url.lastIndexOf("/")), body };
    response.writeHead(200, { "content-type": "application/json" });
    response.end(telegramAnswer(call, { arrived: replies.arrived, webhookSecrets }));
  }

  const server = createServer((request, response) => void serve(request, response).catch(() => response.destroy()));
  server.keepAliveTimeout = 60_000;
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const world: World = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    modelMs: 0,
    webhookSecrets,
    reply: replies.reply,
    replies: replies.count,
    modelCalls: () => calls,
    turnWeather: weather.turn,
    earlySends: weather.early,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
  return world;
}

function refuse(response: ServerResponse, { status, body }: Refusal): void {
  response.writeHead(status, { "content-type": "application/json" }).end(body);
}
