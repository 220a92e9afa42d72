import { join } from "node:path";
import {
  freePort,
  type NatsKeys,
  natsAccounts,
  newNatsKeys,
  type Progress,
  type StartedKeycloak,
  startGemini,
  startKeycloak,
  startMongodb,
  startNats,
  startTelegramSimulator,
} from "@botfactory/infrastructure";
import { type NamedPort, portFor } from "./ports.ts";
import { moveStreamsToAccount } from "./streams-account.ts";

export interface NeighbourOptions {
  /** Where their data lives over restarts. */
  readonly data: string;
  /** Usual ports (8080, …) where they are free, or random ones so that several stacks run side by side. */
  readonly ports: "usual" | "random";
  readonly env: NodeJS.ProcessEnv;
  /** Where the console will be, for Keycloak's back-channel logout. */
  readonly webUrl: string;
  readonly progress: Progress;
  /** Whether NATS writes down what its clients say. */
  readonly natsTrace?: boolean;
}

/** Everything around the five services. An empty address: another one is used, as the environment says. */
export interface Neighbours {
  readonly nats: string;
  /** The keys of the services' users, where this call started the server; it takes who shows none for its operator. */
  readonly natsKeys: NatsKeys | undefined;
  /** NATS's monitoring address; none where the environment names a NATS of somebody else's. */
  readonly natsMonitoring: string | undefined;
  readonly mongodb: string;
  readonly keycloak: StartedKeycloak;
  readonly simulator: string;
  readonly gemini: string;
  stop(): Promise<void>;
}

/** Starts (or finds by the environment) NATS, the database, Keycloak, Telegram and Gemini, all side by side. */
export async function startNeighbours(options: NeighbourOptions): Promise<Neighbours> {
  const { data, ports, env, webUrl, progress, natsTrace: trace = false } = options;
  const port = (part: NamedPort) => (ports === "usual" ? portFor(part) : freePort());
  const stops: (() => Promise<void>)[] = [];
  const started = async <T extends { stop(): Promise<void> }>(starting: Promise<T>): Promise<T> => {
    const part = await starting;
    stops.push(() => part.stop());
    return part;
  };
  const stop = async () => {
    await Promise.all(stops.map((end) => end()));
  };
  const natsKeys = newNatsKeys();
  const natsData = join(data, "nats");
  await moveStreamsToAccount(natsData, progress);
  const accounts = natsAccounts(natsKeys, { openTo: "operator" });
  const realTelegram = env["TELEGRAM_API_ROOT"];
  const otherGemini = env["GEMINI_BASE_URL"] || env["GOOGLE_API_KEY"];
  const starting = [
    started(startNats({ port: await port("nats"), dataDirectory: natsData, accounts, trace, progress })),
    started(startMongodb({ port: await port("mongodb"), dataDirectory: join(data, "mongodb"), progress })),
    started(startKeycloak({ port: await port("keycloak"), dataDirectory: join(data, "keycloak"), webUrl, progress })),
    realTelegram
      ? Promise.resolve({ url: "" })
      : started(startTelegramSimulator({ port: await port("simulator"), dataFile: join(data, "telegram.json") })),
    otherGemini ? Promise.resolve({ url: "" }) : started(startGemini({ port: await port("gemini") })),
  ] as const;
  // A part that fails must not leave the others running.
  const failed = (await Promise.allSettled(starting)).find((result) => result.status === "rejected");
  if (failed) {
    await stop();
    throw failed.reason;
  }
  const [nats, mongodb, keycloak, simulator, gemini] = await Promise.all(starting);
  return {
    nats: nats.url,
    natsKeys: nats.how === "environment" ? undefined : natsKeys,
    natsMonitoring: nats.monitoring,
    mongodb: withDatabase(mongodb.url),
    keycloak,
    simulator: simulator.url,
    gemini: gemini.url,
    stop,
  };
}

/** A server's address with our database named in its path, unless the address names one already. */
function withDatabase(address: string): string {
  const url = new URL(address);
  if (url.pathname.length > 1) return address;
  url.pathname = "/botfactory";
  return url.href;
}
