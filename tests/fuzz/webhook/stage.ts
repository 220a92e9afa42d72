import { createHash, randomBytes, randomUUID } from "node:crypto";
import { ensureBucket } from "@botfactory/event-store";
import { freshNats } from "@botfactory/infrastructure";
import { BotState, GetBotForReplyResponseSchema } from "@botfactory/proto/bots/v1/bots";
import { DeliveryMode, Language } from "@botfactory/proto/events/v1/account";
import { WebhookRegistrationSchema, WebhookState } from "@botfactory/proto/webhooks/v1/registration";
import { authenticator } from "@botfactory/rpc";
import { simulatorClient, startSimulator } from "@botfactory/simulator";
import { create, toBinary } from "@bufbuild/protobuf";
import { connect } from "nats";
import { standInAi, standInBots } from "../../../services/conversation/tests/stand-ins.ts";
import { startService } from "../support/service.ts";

const PEOPLE_WHO_STARTED_THE_BOT = [1, 2, 3, 4, 5];

export type WebhookStage = Awaited<ReturnType<typeof webhookStage>>;

/** A real log, ingress and conversation as processes, a Telegram, and stand-ins for bots and ai behind real gRPC. */
export async function webhookStage() {
  const server = await freshNats();
  const nats = await connect({ servers: server.url });
  const simulator = await startSimulator();
  const telegram = simulatorClient(simulator.url);
  const serviceAuthKey = randomBytes(32).toString("base64");
  const services = authenticator({ serviceAuthKey });
  const [bots, ai] = await Promise.all([standInBots(services), standInAi(services)]);
  const bucket = await ensureBucket(nats, { name: "webhooks", announced: true });

  async function register(botId: string) {
    const secret = randomBytes(32).toString("base64url");
    const chatKeySecret = randomBytes(32);
    const telegramBot = await telegram.createBot();
    for (const person of PEOPLE_WHO_STARTED_THE_BOT) await telegram.user(person).send(telegramBot.id, "/start");
    const about = {
      botId,
      ownerId: "ada",
      telegramToken: telegramBot.token,
      systemPrompt: "You are Ada.",
      chatKeySecret,
    };
    const usual = { promptVersion: 1, language: Language.EN, state: BotState.ACTIVE, historyTurns: 10, name: "Ada" };
    bots.known.set(botId, create(GetBotForReplyResponseSchema, { ...about, ...usual }));
    const registration = create(WebhookRegistrationSchema, {
      botId,
      revision: 1n,
      state: WebhookState.ACTIVE,
      mode: DeliveryMode.WEBHOOK,
      secretHashes: [createHash("sha256").update(secret).digest()],
      chatKeySecret,
    });
    await bucket.put(botId, toBinary(WebhookRegistrationSchema, registration));
    return { botId, secret };
  }
  const ada = await register("ada");
  const victim = await register("victim");

  const env = {
    NATS_URL: server.url,
    ...(server.monitoring === undefined ? { NATS_SYNC: "stated" } : { NATS_MONITORING_URL: server.monitoring }),
    TELEGRAM_API_ROOT: simulator.url,
    MONGODB_URL: databaseOf(process.env["MONGODB_URL"]),
    KEYCLOAK_URL: "http://127.0.0.1:1",
    KEYCLOAK_REALM: "botfactory",
    KEYCLOAK_CLIENT_ID: "console",
    SERVICE_AUTH_KEY: serviceAuthKey,
    KEY_ENCRYPTION_KEY: randomBytes(32).toString("base64"),
    BOTS_URL: bots.url,
    AI_URL: ai.url,
  };
  const ingress = await startService("ingress", env);
  const conversation = await startService("conversation", env);

  return {
    nats,
    ada,
    victim,
    ingress,
    conversation,
    async close() {
      await Promise.all([ingress.stop(), conversation.stop()]);
      await Promise.all([simulator.stop(), bots.stop(), ai.stop()]);
      await nats.close();
      await server.stop();
    },
  };
}

function databaseOf(server: string | undefined): string {
  const url = new URL(server ?? "");
  url.pathname = `/fuzz_${randomUUID().slice(0, 8)}`;
  return url.href;
}
