import { randomBytes, randomUUID } from "node:crypto";
import { chatKey } from "@botfactory/encryption";
import { ensureStream, jetStreamEventStore, traceHeaders } from "@botfactory/event-store";
import { freshNats } from "@botfactory/infrastructure";
import { BotState, GetBotForReplyResponseSchema } from "@botfactory/proto/bots/v1/bots";
import { ConversationService } from "@botfactory/proto/conversation/v1/conversation";
import { Language } from "@botfactory/proto/events/v1/account";
import { type Authenticate, authenticator, client, serviceIdentity } from "@botfactory/rpc";
import { createLogger } from "@botfactory/service-kit";
import { type SimulatorClient, simulatorClient, startSimulator } from "@botfactory/simulator";
import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { mongo } from "mongoose";
import { connect, headers } from "nats";
import { conversationCodec } from "../src/chat-log.ts";
import { conversationEnvironment } from "../src/config.ts";
import type { ChatEvent } from "../src/domain/conversation-state.ts";
import { type Conversation, startConversation } from "../src/start-conversation.ts";
import { standInAi, standInBots } from "./stand-ins.ts";

export const serviceAuthKey = randomBytes(32).toString("base64");
const services = authenticator({ serviceAuthKey });

/** Stands in for Keycloak: the token `owner-<id>` is the owner's. */
const authenticate: Authenticate = async (metadata) => {
  const bearer = String(metadata.get("authorization")[0]).replace("Bearer ", "");
  const ownerId = /^owner-(.+)$/.exec(bearer)?.[1];
  if (ownerId === undefined) return services(metadata);
  return { kind: "owner", ownerId, username: ownerId, roles: ["owner"], accessToken: bearer };
};

export const as = (ownerId: string) => ({ as: `owner-${ownerId}` });

export interface StagedBot {
  readonly botId: string;
  readonly telegramBotId: number;
  readonly token: string;
  readonly chatKeySecret: Uint8Array;
}

export interface MessageUpdate {
  readonly update_id: number;
  readonly message: { readonly chat: { readonly id: number }; readonly text?: string };
}

export type Stage = Awaited<ReturnType<typeof stage>>;

/** A log and a database of this file's own, a Telegram, bots and ai over gRPC, and as many workers as a test wants. */
export async function stage(options: { readonly dataDirectory?: string } = {}) {
  let server = await freshNats(options);
  const nats = await connect({ servers: server.url, maxReconnectAttempts: -1, reconnectTimeWait: 100 });
  const simulator = await startSimulator();
  const telegram: SimulatorClient = simulatorClient(simulator.url);
  const [bots, ai] = await Promise.all([standInBots(services), standInAi(services)]);
  const mongodbUrl = urlOf(`t${randomUUID().slice(0, 8)}`);
  const mongodb = new mongo.MongoClient(mongodbUrl);
  const lines: string[] = [];
  const running = new Set<Conversation>();
  const store = jetStreamEventStore(nats, { stream: "CONVERSATIONS" });
  const environment = {
    PORT: "0",
    ADMIN_PORT: "0",
    NATS_URL: server.url,
    NATS_SYNC: "stated",
    MONGODB_URL: mongodbUrl,
    KEYCLOAK_URL: "http://127.0.0.1:1",
    KEYCLOAK_REALM: "botfactory",
    KEYCLOAK_CLIENT_ID: "console",
    SERVICE_AUTH_KEY: serviceAuthKey,
    KEY_ENCRYPTION_KEY: randomBytes(32).toString("base64"),
    TELEGRAM_API_ROOT: simulator.url,
    BOTS_URL: bots.url,
    AI_URL: ai.url,
  };
  await ensureStream(nats, { name: "UPDATES", subjects: ["updates.>"], duplicateWindowMs: 1_000 });
  await ensureStream(nats, { name: "QUARANTINE", subjects: ["quarantine.>"] });

  const place = ({ botId, chatKeySecret }: StagedBot, chatId: number) => ({
    botId,
    chatKey: chatKey(chatKeySecret, String(chatId)),
  });

  async function publish(bot: StagedBot, update: MessageUpdate, msgID?: string) {
    const more = headers();
    for (const [name, value] of Object.entries(traceHeaders())) more.set(name, value);
    more.set("Telegram-Update-Id", String(update.update_id));
    const { botId } = bot;
    const subject = `updates.${botId}.${place(bot, update.message.chat.id).chatKey}`;
    await nats.jetstream().publish(subject, JSON.stringify(update), {
      headers: more,
      msgID: msgID ?? `${botId}:${update.update_id}`,
    });
  }

  return {
    nats,
    stopNats: () => server.stop(),
    async returnNats() {
      server = await freshNats({ ...options, port: Number(new URL(server.url).port) });
    },
    telegram,
    bots,
    ai,
    environment,
    mongodbUrl,
    database: () => mongodb.db(),
    log: () => lines.join(""),
    publish,
    place,
    async newBot(more: MessageInitShape<typeof GetBotForReplyResponseSchema> = {}): Promise<StagedBot> {
      const { id: telegramBotId, token } = await telegram.createBot();
      const botId = `bot${randomUUID().slice(0, 8)}`;
      const chatKeySecret = randomBytes(32);
      const about = {
        botId,
        ownerId: "ada",
        telegramToken: token,
        systemPrompt: "You are Ada.",
        promptVersion: 2,
        language: Language.EN,
        state: BotState.ACTIVE,
        historyTurns: 10,
        chatKeySecret,
        telegramUsername: "ada_bot",
        name: "Ada",
      };
      bots.known.set(botId, create(GetBotForReplyResponseSchema, { ...about, ...more }));
      return { botId, telegramBotId, token, chatKeySecret };
    },
    /** A person writes; the update goes into the log as ingress would put it there. */
    async say(bot: StagedBot, userId: number, text: string): Promise<MessageUpdate> {
      const { message, updateId = 0 } = await telegram.user(userId).send(bot.telegramBotId, text);
      const update = { update_id: updateId, message };
      await publish(bot, update);
      return update;
    },
    async start(more: Readonly<Record<string, string>> = {}) {
      const logger = createLogger("conversation", "trace", { write: (line: string) => void lines.push(line) });
      const config = conversationEnvironment.parse({ ...environment, ...more });
      const conversation = await startConversation(config, { logger, authenticate });
      running.add(conversation);
      const rpc = client(ConversationService, {
        url: `127.0.0.1:${conversation.port}`,
        identity: serviceIdentity({ name: "web", key: serviceAuthKey }),
        deadlineMs: 10_000,
      });
      return {
        ...conversation,
        rpc,
        async stop() {
          running.delete(conversation);
          rpc.close();
          await conversation.stop();
        },
      };
    },
    async events(bot: StagedBot, chatId: number): Promise<ChatEvent[]> {
      const { botId, chatKey: key } = place(bot, chatId);
      return (await store.read(`conversations.${botId}.${key}`, conversationCodec)).map(({ event }) => event);
    },
    /** What Telegram took from the bot in a chat, oldest first. */
    async replies(bot: StagedBot, chatId: number, count: number) {
      const wish = { botId: bot.telegramBotId, chatId, count, timeoutMs: 20_000 };
      return (await telegram.waitForReply(wish)).map(({ text }) => text);
    },
    async close() {
      await Promise.all([...running].map((one) => one.stop()));
      await mongodb.db().dropDatabase();
      await mongodb.close();
      await Promise.all([simulator.stop(), bots.stop(), ai.stop()]);
      await nats.close();
      await server.stop();
    },
  };
}

function urlOf(database: string): string {
  const url = new URL(process.env["MONGODB_URL"] ?? "");
  url.pathname = `/${database}`;
  if (url.username !== "" && !url.searchParams.has("authSource")) url.searchParams.set("authSource", "admin");
  return url.href;
}

/** Waits until a condition holds; fails after 15 seconds. */
export async function until(condition: () => Promise<boolean> | boolean): Promise<void> {
  const deadline = Date.now() + 15_000;
  while (!(await Promise.resolve(condition()).catch(() => false))) {
    if (Date.now() > deadline) throw new Error("did not come true within 15 s");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Holds something back until it is opened. */
export function newGate() {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open() };
}
