import { randomUUID } from "node:crypto";
import { ensureStream } from "@botfactory/event-store";
import {
  freshNats,
  keycloakAdmin,
  productionRealm,
  type StartedNats,
  startGemini,
  startKeycloak,
  startTelegramSimulator,
} from "@botfactory/infrastructure";
import { simulatorClient } from "@botfactory/simulator";
import { connect } from "nats";

/** Secrets that the doctor is given, and must not say. */
export const SECRETS = {
  natsPassword: "nats-password",
  firstKey: "key-of-the-first-project",
  wrongKey: "key-that-google-does-not-know",
} as const;

const ADMINISTRATOR = { username: "administrator", password: "password-of-keycloaks-administrator" };

/** Everything around the services, healthy: the run's database, and a NATS, Keycloak, Telegram and Gemini of its own. */
export async function startInstallation() {
  const [nats, keycloak, telegram, gemini] = await Promise.all([
    freshNats(),
    startKeycloak({ administrator: ADMINISTRATOR }),
    startTelegramSimulator(),
    startGemini({ keys: [SECRETS.firstKey], models: ["gemini-3.5-flash-lite"] }),
  ]);
  await declareStreams(nats);
  const simulator = simulatorClient(telegram.url);
  const bot = await simulator.createBot({ username: "doctors_bot" });
  const env = {
    NATS_URL: nats.url.replace("://", `://doctor:${SECRETS.natsPassword}@`),
    NATS_MONITORING_URL: nats.monitoring,
    MONGODB_URL: databaseUrl(),
    KEYCLOAK_URL: keycloak.url,
    KEYCLOAK_REALM: keycloak.realm,
    TELEGRAM_API_ROOT: telegram.url,
    GEMINI_BASE_URL: gemini.url,
    GOOGLE_API_KEY: `first=${SECRETS.firstKey}`,
  };
  const stop = async () => {
    await Promise.all([nats, keycloak, telegram, gemini].map((part) => part.stop()));
  };
  return { env, keycloak, simulator, bot, gemini, stop };
}

/** Brings the realm for people to the installation's Keycloak, under this name beside the demo realm. */
export async function bringPeoplesRealm(url: string, realm: string): Promise<void> {
  const described = await productionRealm("https://console.example.org");
  await keycloakAdmin(url, ADMINISTRATOR)("POST", "realms", { ...described, realm });
}

function databaseUrl(): string {
  const url = new URL(process.env["MONGODB_URL"] ?? "");
  url.pathname = `/t${randomUUID().slice(0, 8)}`;
  if (url.username !== "" && !url.searchParams.has("authSource")) url.searchParams.set("authSource", "admin");
  return url.href;
}

async function declareStreams({ url }: StartedNats): Promise<void> {
  const nats = await connect({ servers: url });
  for (const name of ["UPDATES", "QUARANTINE", "CONVERSATIONS", "ACCOUNTS", "QUOTAS", "KEYS"]) {
    await ensureStream(nats, { name, subjects: [`${name.toLowerCase()}.>`] });
  }
  await nats.close();
}
