import { randomBytes, randomUUID } from "node:crypto";
import { DomainError } from "@botfactory/decider";
import { freshNats } from "@botfactory/infrastructure";
import { BotsService, type CreateBotRequestSchema } from "@botfactory/proto/bots/v1/bots";
import { Language, type Plan } from "@botfactory/proto/events/v1/account";
import { type WebhookRegistration, WebhookRegistrationSchema } from "@botfactory/proto/webhooks/v1/registration";
import { type Authenticate, authenticator, type Client, client, serviceIdentity } from "@botfactory/rpc";
import { createLogger } from "@botfactory/service-kit";
import { type SimulatorClient, simulatorClient, startSimulator } from "@botfactory/simulator";
import { fromBinary, type MessageInitShape } from "@bufbuild/protobuf";
import { mongo } from "mongoose";
import { connect, type NatsConnection, type StoredMsg } from "nats";
import { type BotsConfig, botsEnvironment } from "../src/config.ts";
import { startBots } from "../src/start-bots.ts";

/** By this name the compiler can speak of it; the simulator's own type is spelled out with parts it does not export. */
export interface StagedTelegram extends SimulatorClient {}
export type BotsClient = Client<typeof BotsService>;
export type Stage = Awaited<ReturnType<typeof stage>>;

const serviceAuthKey = randomBytes(32).toString("base64");
const services = authenticator({ serviceAuthKey });

/** Stands in for Keycloak: the token `owner <id>` is the owner's, `admin <id>` an administrator's. */
const authenticate: Authenticate = async (metadata) => {
  const bearer = String(metadata.get("authorization")[0]).replace("Bearer ", "");
  const [role = "", ownerId = ""] = bearer.split("-");
  if (role !== "owner" && role !== "admin") return services(metadata);
  return { kind: "owner", ownerId, username: ownerId, roles: [role], accessToken: bearer };
};

export const as = (ownerId: string) => ({ as: `owner-${ownerId}` });
export const asAdmin = { as: "admin-root" };

/** A log of this file's own, a database of its own, a Telegram, and as many bots services as a test wants. */
export async function stage(options: { readonly dataDirectory?: string } = {}) {
  const server = await freshNats(options);
  const nats = await connect({ servers: server.url, maxReconnectAttempts: -1, reconnectTimeWait: 100 });
  const simulator = await startSimulator({ retryScale: 0.02 });
  const telegram: StagedTelegram = simulatorClient(simulator.url);
  const database = `t${randomUUID().slice(0, 8)}`;
  const mongodbUrl = urlOf(database);
  const mongodb = new mongo.MongoClient(mongodbUrl);
  const lines: string[] = [];
  const running: { readonly stop: () => Promise<void>; readonly clients: readonly BotsClient[] }[] = [];

  function configOf(more: Readonly<Record<string, string>>): BotsConfig {
    return botsEnvironment.parse({
      PORT: "0",
      ADMIN_PORT: "0",
      NATS_URL: server.url,
      NATS_SYNC: "stated",
      MONGODB_URL: mongodbUrl,
      KEYCLOAK_URL: "http://127.0.0.1:1",
      KEYCLOAK_REALM: "botfactory",
      KEYCLOAK_CLIENT_ID: "console",
      SERVICE_AUTH_KEY: serviceAuthKey,
      KEY_ENCRYPTION_KEY: kek,
      TELEGRAM_API_ROOT: simulator.url,
      LOCAL_MODE: "true",
      ...more,
    });
  }
  const kek = randomBytes(32).toString("base64");

  return {
    nats,
    telegram,
    mongodbUrl,
    database: () => mongodb.db(),
    /** Everything the services logged, as it was written. */
    log: () => lines.join(""),
    async start(more: Readonly<Record<string, string>> = {}) {
      const logger = createLogger("bots", "trace", { write: (line: string) => void lines.push(line) });
      const bots = await startBots(configOf(more), { logger, authenticate });
      const to = (name: string) =>
        client(BotsService, {
          url: `127.0.0.1:${bots.port}`,
          identity: serviceIdentity({ name, key: serviceAuthKey }),
          deadlineMs: 20_000,
        });
      const started = { ...bots, client: to("web"), conversation: to("conversation"), ingress: to("ingress") };
      running.push({ stop: bots.stop, clients: [started.client, started.conversation, started.ingress] });
      await until(async () => (await fetch(`http://127.0.0.1:${bots.adminPort}/readyz`)).ok);
      return started;
    },
    async close() {
      for (const one of running) {
        for (const each of one.clients) each.close();
        await one.stop();
      }
      await mongodb.db().dropDatabase();
      await mongodb.close();
      await simulator.stop();
      await nats.close();
      await server.stop();
    },
    /** The types of all facts in the log, oldest first. */
    async facts(): Promise<readonly string[]> {
      const messages = await storedIn(nats, "ACCOUNTS");
      return messages.map(({ header }) => header.get("ce-type"));
    },
    async registration(botId: string): Promise<WebhookRegistration | undefined> {
      const bucket = await nats.jetstream().views.kv("webhooks");
      const entry = await bucket.get(botId);
      return entry === null || entry.operation !== "PUT"
        ? undefined
        : fromBinary(WebhookRegistrationSchema, entry.value);
    },
  };
}

/** Everything a stream holds. */
export async function storedIn(nats: NatsConnection, stream: string): Promise<readonly StoredMsg[]> {
  const { streams } = await nats.jetstreamManager();
  const { state } = await streams.info(stream);
  const sequences = Array.from({ length: state.last_seq - state.first_seq + 1 }, (_, n) => state.first_seq + n);
  const found = await Promise.all(sequences.map((seq) => streams.getMessage(stream, { seq }).catch(() => undefined)));
  return found.flatMap((message) => (message === undefined ? [] : [message]));
}

export type StartedBots = Awaited<ReturnType<Stage["start"]>>;

function urlOf(database: string): string {
  const url = new URL(process.env["MONGODB_URL"] ?? "");
  url.pathname = `/${database}`;
  if (url.username !== "" && !url.searchParams.has("authSource")) url.searchParams.set("authSource", "admin");
  return url.href;
}

/** A request that is right in every field, for the token given. */
export function request(
  telegramToken: string,
  more: MessageInitShape<typeof CreateBotRequestSchema> = {},
): MessageInitShape<typeof CreateBotRequestSchema> {
  return {
    name: "Ada",
    description: "Answers customers",
    language: Language.UZ,
    systemPrompt: "You are Ada.",
    telegramToken,
    ...more,
  };
}

/** An owner's new bot, with its Telegram bot. */
export async function newBot({ telegram }: Stage, bots: BotsClient, ownerId: string) {
  const { id: telegramBotId, token } = await telegram.createBot();
  const { bot, revision } = await bots.createBot(request(token), as(ownerId));
  if (bot === undefined) throw new Error("no bot in the answer");
  return { bot, botId: bot.id, revision, telegramBotId, token };
}

export const putOn = (bots: BotsClient, ownerId: string, plan: Plan) => bots.setPlan({ ownerId, plan }, asAdmin);

/** The refusal a call ends in. */
export async function refusalOf(call: Promise<unknown>): Promise<DomainError> {
  const outcome = await call.then(
    () => undefined,
    (error: unknown) => error,
  );
  if (outcome instanceof DomainError) return outcome;
  throw new Error(`expected a refusal, got ${String(outcome)}`);
}

/** Waits until a condition holds; fails after ten seconds. */
export async function until(condition: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!(await condition().catch(() => false))) {
    if (Date.now() > deadline) throw new Error("did not come true within 10 s");
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
