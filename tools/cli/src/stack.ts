import { join } from "node:path";
import { freePort, type Progress } from "@botfactory/infrastructure";
import { documentsUrl } from "@botfactory/operator/database";
import { stackNatsUsers } from "./nats-users.ts";
import { type Neighbours, startNeighbours } from "./neighbours.ts";
import { portFor } from "./ports.ts";
import { SERVICES, type ServiceName, type ServiceProcess, serviceProcess } from "./service-process.ts";
import { localSecrets } from "./settings.ts";

export interface StackOptions {
  /** The checkout whose built services run. */
  readonly repository: string;
  /** Another checkout whose services run, asked at each start of one: how a test rolls from one version to the next. */
  readonly checkout?: () => string;
  /** Where data, logs and secrets of this stack live. */
  readonly directory: string;
  readonly ports: "usual" | "random";
  /** How many processes of a service; 1 when left out. */
  readonly replicas?: Partial<Record<ServiceName, number>>;
  /** Variables for neighbours and services, on top of which the stack puts its own addresses. */
  readonly env: NodeJS.ProcessEnv;
  /** Variables of one process alone, above all others: how a test gives each its own way to a neighbour. */
  readonly envOf?: (process: { readonly name: ServiceName; readonly replica: number }) => NodeJS.ProcessEnv;
  /** Options of node itself for every service; they then run as modules. */
  readonly nodeOptions?: readonly string[];
  readonly progress: Progress;
  /** Whether NATS writes down what its clients say, to `data/nats/trace.log`. */
  readonly natsTrace?: boolean;
}

/** A running BotFactory: the services as processes and all their neighbours. */
export interface Stack {
  readonly web: string;
  readonly ingress: string;
  readonly neighbours: Neighbours;
  /** What every service was started with, for a tool that works beside them. */
  readonly env: NodeJS.ProcessEnv;
  readonly processes: readonly ServiceProcess[];
  replicasOf(name: ServiceName): readonly ServiceProcess[];
  stop(): Promise<void>;
}

/** Starts neighbours, then all services at once, and resolves when every one is ready. */
export async function startStack(options: StackOptions): Promise<Stack> {
  const places = await placesOf(options);
  const neighbours = await startNeighbours({
    ...options,
    data: join(options.directory, "data"),
    webUrl: urlOf(places, "web"),
  });
  const processes: ServiceProcess[] = [];
  const stop = async () => {
    await Promise.all(processes.map((process) => process.end()));
    await neighbours.stop();
  };
  try {
    const env = await environmentOf(options, neighbours, places);
    const natsUsers = await stackNatsUsers(join(options.directory, "nats-users"), neighbours);
    for (const { name, replica, port, adminPort } of places) {
      const { repository, directory, nodeOptions = [], checkout = () => repository } = options;
      const logs = join(directory, "logs");
      const own = { ...env, ...documentsOf(env, name), ...natsUsers.of(name), ...options.envOf?.({ name, replica }) };
      processes.push(serviceProcess({ name, replica, port, adminPort, checkout, logs, env: own, nodeOptions }));
    }
    await natsUsers.provision(options.repository, env);
    await startAll(processes, options.progress);
    return {
      web: urlOf(places, "web"),
      ingress: urlOf(places, "ingress"),
      neighbours,
      env,
      processes,
      replicasOf: (name) => processes.filter((process) => process.name === name),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Place {
  readonly name: ServiceName;
  readonly replica: number;
  readonly port: number;
  readonly adminPort: number;
}

async function placesOf({ replicas, ports }: StackOptions): Promise<Place[]> {
  const places: Place[] = [];
  for (const name of SERVICES) {
    for (let replica = 1; replica <= (replicas?.[name] ?? 1); replica += 1) {
      const usual = ports === "usual" && replica === 1 && (name === "web" || name === "ingress");
      places.push({ name, replica, port: usual ? await portFor(name) : await freePort(), adminPort: await freePort() });
    }
  }
  return places;
}

/** host:port of the first process of a service. */
function addressOf(places: readonly Place[], name: ServiceName): string {
  return `127.0.0.1:${places.find((place) => place.name === name)?.port}`;
}

/** The gRPC target of all processes of a service: calls go to each in turn, and past one that is gone. */
function targetOf(places: readonly Place[], name: ServiceName): string {
  const addresses = places.filter((place) => place.name === name).map(({ port }) => `127.0.0.1:${port}`);
  return addresses.length === 1 ? `${addresses}` : `ipv4:${addresses.join(",")}`;
}

const urlOf = (places: readonly Place[], name: ServiceName) => `http://${addressOf(places, name)}`;

/** Where the address names a database for each service, the service's own. */
function documentsOf({ MONGODB_URL }: { readonly MONGODB_URL: string }, name: ServiceName) {
  return name === "ingress" ? {} : { MONGODB_URL: documentsUrl(MONGODB_URL, name) };
}

async function environmentOf(options: StackOptions, neighbours: Neighbours, places: readonly Place[]) {
  const { directory, env } = options;
  const local = {
    LOCAL_MODE: "true",
    LOG_LEVEL: "info",
    // Nothing stands before ingress here that would have to notice.
    DRAIN_DELAY_SECONDS: "0",
    KEYCLOAK_CLIENT_ID: "botfactory-web",
    KEYCLOAK_CLIENT_SECRET: neighbours.keycloak.clientSecret,
    PUBLIC_URL: urlOf(places, "web"),
    WEBHOOK_BASE_URL: urlOf(places, "ingress"),
    ...syncOf(neighbours, env),
  };
  return {
    ...local,
    ...env,
    ...(await localSecrets(directory, env)),
    NATS_URL: neighbours.nats,
    MONGODB_URL: neighbours.mongodb,
    KEYCLOAK_URL: neighbours.keycloak.url,
    KEYCLOAK_REALM: neighbours.keycloak.realm,
    ...(neighbours.simulator && { TELEGRAM_API_ROOT: neighbours.simulator }),
    ...(neighbours.gemini && { GEMINI_BASE_URL: neighbours.gemini, GOOGLE_API_KEY: "demo" }),
    BOTS_URL: targetOf(places, "bots"),
    AI_URL: targetOf(places, "ai"),
    CONVERSATION_URL: targetOf(places, "conversation"),
  };
}

/** The services see how a NATS of ours syncs; somebody else's, named by the environment alone, is only warned about. */
function syncOf({ natsMonitoring }: Neighbours, given: NodeJS.ProcessEnv) {
  if (natsMonitoring !== undefined) return { NATS_MONITORING_URL: natsMonitoring };
  return given["NATS_MONITORING_URL"] ? {} : { NATS_SYNC: "unsynced" };
}

async function startAll(processes: readonly ServiceProcess[], progress: Progress): Promise<void> {
  const begun = performance.now();
  await Promise.all(
    processes.map(async (process) => {
      await process.start();
      await process.ready();
      progress(`✓ ${process.name} is ready: ${((performance.now() - begun) / 1000).toFixed(1)} s`);
    }),
  );
}
