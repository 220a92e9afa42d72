import { freePort, newSecrets, startKeycloak, startMongodb, startNats } from "@botfactory/infrastructure";
import { type ImageName, imageNamed, PROCESSES } from "./build.ts";
import { type Container, startContainer } from "./container.ts";

const LOCAL = "127.0.0.1";

/** The whole product, each process of ours in a container; NATS, the database and Keycloak are processes of this machine. */
export interface Product {
  readonly containers: Map<ImageName, Container>;
  readonly web: string;
  readonly telegram: string;
  readonly keycloak: Awaited<ReturnType<typeof startKeycloak>>;
  stop(): Promise<void>;
}

export async function startProduct(): Promise<Product> {
  const [nats, mongodb, keycloak] = await Promise.all([startNats(), startMongodb(), startKeycloak()]);
  const ports = new Map<string, number>();
  for (const [name] of PROCESSES) for (const kind of ["", "-admin"]) ports.set(`${name}${kind}`, await freePort());
  const at = (name: string) => `${LOCAL}:${ports.get(name)}`;
  const env = {
    ...newSecrets(),
    NATS_URL: nats.url,
    ...(nats.monitoring === undefined ? { NATS_SYNC: "unsynced" } : { NATS_MONITORING_URL: nats.monitoring }),
    MONGODB_URL: `${mongodb.url.replace(/\/?$/, "")}/botfactory`,
    KEYCLOAK_URL: keycloak.url,
    KEYCLOAK_REALM: keycloak.realm,
    KEYCLOAK_CLIENT_ID: "botfactory-web",
    KEYCLOAK_CLIENT_SECRET: keycloak.clientSecret,
    LOCAL_MODE: "true",
    DRAIN_DELAY_SECONDS: "0",
    PUBLIC_URL: `http://${at("web")}`,
    WEBHOOK_BASE_URL: `http://${at("ingress")}`,
    TELEGRAM_API_ROOT: `http://${at("simulator")}`,
    GEMINI_BASE_URL: `http://${at("infrastructure")}`,
    GOOGLE_API_KEY: "demo",
    BOTS_URL: at("bots"),
    AI_URL: at("ai"),
    CONVERSATION_URL: at("conversation"),
  };
  const started = await Promise.allSettled(
    PROCESSES.map(async ([name, workspace]) => {
      const own = { PORT: `${ports.get(name)}`, ADMIN_PORT: `${ports.get(`${name}-admin`)}` };
      const service = { env: { ...env, ...own }, readyUrl: `http://${at(`${name}-admin`)}/readyz` };
      const start = workspace.startsWith("services/") ? service : standIn(name, at(name), own);
      return [name, await startContainer({ image: imageNamed(name), ...start })] as const;
    }),
  );
  const containers = new Map(started.flatMap((one) => (one.status === "fulfilled" ? [one.value] : [])));
  const stop = async () => {
    await Promise.all([...containers.values()].map((container) => container.stop()));
    await Promise.all([nats.stop(), mongodb.stop(), keycloak.stop()]);
  };
  const failed = started.find((one) => one.status === "rejected");
  if (failed) {
    await stop();
    throw failed.reason;
  }
  return { containers, web: `http://${at("web")}`, telegram: `http://${at("simulator")}`, keycloak, stop };
}

/** The simulator keeps nothing; of the infrastructure, the Gemini stand-in is what has a process of its own. */
function standIn(name: ImageName, address: string, env: Record<string, string>) {
  if (name === "simulator") return { env, readyUrl: `http://${address}/` };
  const command = ["node", "process/dist/gemini/main.js"];
  return { env: { ...env, LATENCY_MS: "0" }, command, readyUrl: `http://${address}/control/requests` };
}
