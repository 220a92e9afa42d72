import { randomBytes, randomUUID } from "node:crypto";
import { ensureStream } from "@botfactory/event-store";
import { freshNats, startGemini } from "@botfactory/infrastructure";
import { BotsService } from "@botfactory/proto/bots/v1/bots";
import { Language } from "@botfactory/proto/events/v1/account";
import { client, serviceIdentity } from "@botfactory/rpc";
import { simulatorClient, startSimulator } from "@botfactory/simulator";
import { connect } from "nats";
import { localKeycloak } from "../../../packages/rpc/tests/support/local-keycloak.ts";
import { startService } from "../support/service.ts";

const SERVICES = ["bots", "ai", "conversation"] as const;

export type RpcStage = Awaited<ReturnType<typeof rpcStage>>;

/** The three services behind the console as processes, with a log, a database, a Telegram, a Gemini and a Keycloak's keys. */
export async function rpcStage() {
  const [server, simulator, gemini, keycloak] = await Promise.all([
    freshNats(),
    startSimulator(),
    startGemini({}),
    localKeycloak(),
  ]);
  const nats = await connect({ servers: server.url });
  // Ingress', which conversation waits for.
  await ensureStream(nats, { name: "UPDATES", subjects: ["updates.>"] });
  await ensureStream(nats, { name: "QUARANTINE", subjects: ["quarantine.>"] });
  const serviceAuthKey = randomBytes(32).toString("base64");
  const shared = {
    NATS_URL: server.url,
    ...(server.monitoring === undefined ? { NATS_SYNC: "stated" } : { NATS_MONITORING_URL: server.monitoring }),
    MONGODB_URL: databaseOf(process.env["MONGODB_URL"]),
    KEYCLOAK_URL: keycloak.options.url,
    KEYCLOAK_REALM: keycloak.options.realm,
    KEYCLOAK_CLIENT_ID: keycloak.options.clientId,
    SERVICE_AUTH_KEY: serviceAuthKey,
    KEY_ENCRYPTION_KEY: randomBytes(32).toString("base64"),
    TELEGRAM_API_ROOT: simulator.url,
    WEBHOOK_BASE_URL: "http://127.0.0.1:1",
    LOCAL_MODE: "true",
    GOOGLE_API_KEY: "demo",
    GEMINI_BASE_URL: gemini.url,
    GEMINI_RPM: "1000000",
    GEMINI_RPD: "100000000",
  };
  const [bots, ai] = await Promise.all([startService("bots", shared), startService("ai", shared)]);
  const addresses = { BOTS_URL: `127.0.0.1:${bots.port}`, AI_URL: `127.0.0.1:${ai.port}` };
  const conversation = await startService("conversation", { ...shared, ...addresses });
  const ownersToken = (sub: string, roles: readonly string[]) =>
    keycloak.token({ sub, realm_access: { roles }, exp: Math.floor(Date.now() / 1_000) + 7_200 });
  const rightful = await ownersToken("owner-1", ["owner", "admin"]);

  return {
    nats,
    processes: { bots, ai, conversation },
    rightful,
    other: await ownersToken("owner-2", ["owner"]),
    identityOf: (name: string) => serviceIdentity({ name, key: serviceAuthKey })(),
    /** A bot of the rightful owner. */
    async newBot(): Promise<string> {
      const { token } = await simulatorClient(simulator.url).createBot();
      const calls = client(BotsService, { url: addresses.BOTS_URL, deadlineMs: 30_000 });
      const about = { name: "Ada", systemPrompt: "You are Ada.", language: Language.EN, telegramToken: token };
      const { bot } = await calls.createBot(about, { as: rightful });
      calls.close();
      return bot?.id ?? "";
    },
    async close() {
      await Promise.all(SERVICES.map((name) => ({ bots, ai, conversation })[name].stop()));
      await Promise.all([simulator.stop(), gemini.stop(), keycloak.stop()]);
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
