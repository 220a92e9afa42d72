import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Stack, type StackOptions, startStack } from "@botfactory/cli/stack";
import { type Progress, startMongodb, startNats } from "@botfactory/infrastructure";
import { connect, type NatsConnection } from "nats";
import type { Owner } from "../../e2e/support/people.ts";
import { setEnvironment } from "../../setup/environment.ts";
import { REPOSITORY } from "../../setup/repository.ts";
import type { World } from "../world/world.ts";
import { type ConnectedBot, ownerOf } from "./owner.ts";
import { profiling, sayProfiles } from "./profiles.ts";

type ServiceName = Parameters<Stack["replicasOf"]>[0];
type ServiceProcess = Stack["processes"][number];

/** The whole product as processes, Telegram and Gemini being the bench's own world. */
export interface Product {
  readonly stack: Stack;
  readonly natsUrl: string;
  readonly nats: NatsConnection;
  readonly mongodbUrl: string;
  /** The log's server, where this bench started it; the benches then count it in. */
  readonly natsPid: number | undefined;
  /** An owner of the premium plan, with a fresh token. */
  owner(): Promise<Owner>;
  /** A bot of that owner, or of another one of the demo realm, with its webhook set. */
  connectBot(ownerName?: string): Promise<ConnectedBot>;
  /** Running processes of services, all of them unless named. */
  pids(...names: ServiceName[]): number[];
  /** Exactly so many processes of a service run. */
  scale(name: ServiceName, count: number): Promise<void>;
  stop(): Promise<void>;
}

export const MOST_CONVERSATIONS = 4;

// Far above what one machine reaches, so that the ledgers count but never hold anything up.
const UNLIMITED = { GEMINI_RPM: "10000000", GEMINI_RPD: "1000000000" };
const PLANS = JSON.stringify({ premium: { messagesADay: 1_000_000_000 } });

/** Starts everything; one process of each service runs. */
export async function startProduct(world: World, progress: Progress): Promise<Product> {
  const directory = await mkdtemp(join(tmpdir(), "botfactory-bench-"));
  const stops = [() => rm(directory, { recursive: true, force: true })];
  const stop = async () => {
    for (const end of stops.splice(0).reverse()) await end();
  };
  try {
    const log = await startNats({ dataDirectory: join(directory, "nats") });
    stops.push(() => log.stop());
    const database = await startMongodb({ dataDirectory: join(directory, "mongodb") });
    stops.push(() => database.stop());
    const mongodbUrl = withDatabase(database.url);
    // Named by the environment, the stack takes them as they are; the log's process id stays here.
    const forget = setEnvironment({
      NATS_URL: log.url,
      NATS_MONITORING_URL: log.monitoring ?? process.env["NATS_MONITORING_URL"],
      MONGODB_URL: mongodbUrl,
    });
    stops.push(async () => forget());
    const profiled = await profiling();
    const options = optionsFor(world);
    const env = { ...options.env, ...profiled.env };
    const stack = await startStack({ ...options, ...profiled, env, directory, progress });
    stops.push(
      () => sayProfiles(progress),
      () => stack.stop(),
    );
    const nats = await connect({ servers: log.url });
    stops.push(() => nats.close());
    const { scale, pids } = processesOf(stack);
    await scale("conversation", 1);
    const addresses = { natsUrl: log.url, mongodbUrl, natsPid: log.pid };
    return { stack, nats, ...addresses, ...ownerOf(stack, world), pids, scale, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function optionsFor(world: World): Omit<StackOptions, "directory" | "progress"> {
  return {
    repository: REPOSITORY,
    ports: "random",
    replicas: { conversation: MOST_CONVERSATIONS },
    env: {
      ...process.env,
      NODE_ENV: "production",
      TELEGRAM_API_ROOT: world.url,
      GEMINI_BASE_URL: world.url,
      GOOGLE_API_KEY: "bench",
      PLANS,
      ...UNLIMITED,
    },
  };
}

function withDatabase(address: string): string {
  const url = new URL(address);
  url.pathname = `/bench_${process.pid}`;
  return url.href;
}

function processesOf(stack: Stack): Pick<Product, "pids" | "scale"> {
  return {
    pids: (...names) =>
      stack.processes
        .filter(({ name }) => names.length === 0 || names.includes(name))
        .flatMap((process) => process.pid() ?? []),
    scale: (name, count) => scale(stack.replicasOf(name), count),
  };
}

async function scale(replicas: readonly ServiceProcess[], count: number): Promise<void> {
  await Promise.all(
    replicas.map(async (process, index) => {
      if (index >= count) return process.end();
      if (process.pid() !== undefined) return;
      await process.start();
      await process.ready();
    }),
  );
}
