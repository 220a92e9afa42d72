import { createHash, randomBytes } from "node:crypto";
import { ensureBucket } from "@botfactory/event-store";
import { freshNats, type StartedNats } from "@botfactory/infrastructure";
import { DeliveryMode } from "@botfactory/proto/events/v1/account";
import { WebhookRegistrationSchema, WebhookState } from "@botfactory/proto/webhooks/v1/registration";
import { createLogger } from "@botfactory/service-kit";
import { create, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { connect, type KV, type NatsConnection, type StoredMsg } from "nats";
import type { IngressConfig } from "../src/config.ts";
import { type Ingress, startIngress } from "../src/start-ingress.ts";

type Registration = Partial<MessageInitShape<typeof WebhookRegistrationSchema>>;

/** A bot ingress knows, with the secret only Telegram and this test know. */
export interface RegisteredBot {
  readonly botId: string;
  readonly secret: string;
}

export const hashOf = (secret: string) => createHash("sha256").update(secret).digest();
export const newSecret = () => randomBytes(32).toString("base64url");

/** A log of this file's own, what bots would have written into it, and as many ingresses as a test wants. */
export async function stage(options: { readonly dataDirectory?: string } = {}) {
  let server: StartedNats = await freshNats(options);
  const nats: NatsConnection = await connect({ servers: server.url, maxReconnectAttempts: -1, reconnectTimeWait: 100 });
  const bucket: KV = await ensureBucket(nats, { name: "webhooks", announced: true });
  const running: Ingress[] = [];

  return {
    nats,
    server: () => server,
    stopServer: () => server.stop(),
    async returnServer() {
      server = await freshNats({ ...options, port: Number(new URL(server.url).port) });
    },
    async start(more: Partial<IngressConfig> = {}, stopping?: AbortSignal): Promise<Ingress> {
      const config: IngressConfig = {
        PORT: 0,
        ADMIN_PORT: 0,
        LOG_LEVEL: "silent",
        NATS_URL: server.url,
        NATS_SYNC: "stated",
        TELEGRAM_API_ROOT: "https://telegram.invalid",
        TELEGRAM_UPDATES: "webhook",
        DRAIN_DELAY_SECONDS: 0,
        ...more,
      };
      const ingress = await startIngress(config, {
        logger: createLogger("ingress", "silent"),
        ...(stopping && { stopping }),
      });
      running.push(ingress);
      await until(async () => (await fetch(`http://127.0.0.1:${ingress.adminPort}/readyz`)).ok);
      return ingress;
    },
    async stop(ingress: Ingress): Promise<void> {
      running.splice(running.indexOf(ingress), 1);
      await ingress.stop();
    },
    async register(botId: string, more: Registration = {}): Promise<RegisteredBot> {
      const secret = newSecret();
      const registration = create(WebhookRegistrationSchema, {
        botId,
        revision: 1n,
        state: WebhookState.ACTIVE,
        mode: DeliveryMode.WEBHOOK,
        secretHashes: [hashOf(secret)],
        chatKeySecret: randomBytes(32),
        ...more,
      });
      await bucket.put(botId, toBinary(WebhookRegistrationSchema, registration));
      return { botId, secret };
    },
    async close() {
      await Promise.all(running.map((ingress) => ingress.stop()));
      await nats.close();
      await server.stop();
    },
  };
}

export type Stage = Awaited<ReturnType<typeof stage>>;

/** Everything a stream holds on a subject, oldest first. */
export async function messagesOf(nats: NatsConnection, stream: string, subject = ">"): Promise<StoredMsg[]> {
  const { streams } = await nats.jetstreamManager();
  const { state } = await streams.info(stream);
  const found: StoredMsg[] = [];
  for (let seq = Math.max(1, state.first_seq); seq <= state.last_seq; seq++) {
    const message = await streams.getMessage(stream, { seq });
    if (subject === ">" || message.subject === subject || message.subject.startsWith(subject)) found.push(message);
  }
  return found;
}

/** Resolves as soon as the condition holds; the test's own time-out ends the waiting. */
export async function until(condition: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 20));
}

export interface Post {
  readonly secret?: string;
  readonly body?: NonNullable<RequestInit["body"]>;
  readonly type?: string;
}

export async function post({ port }: Ingress, botId: string, { secret, body = "{}", type }: Post): Promise<Response> {
  return fetch(`http://127.0.0.1:${port}/telegram/webhook/${botId}`, {
    method: "POST",
    headers: {
      "content-type": type ?? "application/json",
      ...(secret === undefined ? {} : { "x-telegram-bot-api-secret-token": secret }),
    },
    body,
    ...(typeof body === "string" ? {} : { duplex: "half" }),
  });
}

export const updateOf = (updateId: number, chatId = 5, text = "salom") =>
  JSON.stringify({ update_id: updateId, message: { message_id: 1, chat: { id: chatId, type: "private" }, text } });
