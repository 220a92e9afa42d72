import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Stack, startStack } from "@botfactory/cli/stack";
import {
  natsAccounts,
  newNatsKeys,
  type StartedGemini,
  startGemini,
  startMongodb,
  startTelegramSimulator,
} from "@botfactory/infrastructure";
import { type SimulatorClient, simulatorClient } from "@botfactory/simulator";
import { type StackNatsUsers, stackNatsUsers } from "../../tools/cli/src/nats-users.ts";
import { setEnvironment } from "../setup/environment.ts";
import { REPOSITORY } from "../setup/repository.ts";
import { type Balancer, balancer } from "./balancer.ts";
import { fateOf } from "./fates.ts";
import { type LogServer, logServer } from "./log-server.ts";
import { type Issuer, issuer } from "./owners.ts";
import type { Random } from "./seeded.ts";
import { startedParts } from "./started-parts.ts";
import { type TcpProxy, tcpProxy } from "./tcp-proxy.ts";

export const REPLICAS = 2;
export const SERVICE_NAMES = ["ingress", "bots", "ai", "conversation", "web"] as const;
export type StormProcess = Stack["processes"][number] & { readonly label: string; readonly toLog: TcpProxy };

/** The whole product, two processes of each service, with everything around it in the storm's hands. */
export interface StormStack {
  readonly stack: Stack;
  readonly processes: readonly StormProcess[];
  readonly log: LogServer;
  readonly webhooks: Balancer;
  readonly telegram: SimulatorClient;
  readonly gemini: StartedGemini;
  readonly owners: Issuer;
  readonly directory: string;
  /** Texts the model wrote so far. */
  written(): number;
  stop(): Promise<void>;
}

export interface StormStackOptions {
  readonly random: Random;
  /** Multiplies Telegram's waits between deliveries. */
  readonly retryScale: number;
  /** Which checkout's services start, now and whenever one starts again. */
  readonly version?: Version;
}

/** The version of the product that processes are started with from now on. */
export interface Version {
  checkout: string;
}

/** Starts it; a database the environment names is used, with a name of this storm's own. */
export async function startStormStack({ random, retryScale, version }: StormStackOptions): Promise<StormStack> {
  const { started, stop } = startedParts();
  const directory = await started(mkdtemp(join(tmpdir(), "botfactory-storm-")), (it) =>
    rm(it, { recursive: true, force: true }),
  );
  let written = 0;
  try {
    // A user for each service, as in production; not where versions roll, which may need other subjects.
    const natsKeys = version === undefined ? newNatsKeys() : undefined;
    const accounts = natsKeys && natsAccounts(natsKeys, { openTo: "operator" });
    const log = await started(logServer(accounts), (it) => it.stop());
    const mongodb = await started(startMongodb(), (it) => it.stop());
    const telegram = await started(startTelegramSimulator({ retryScale }), (it) => it.stop());
    const owners = await started(issuer(), (it) => it.close());
    const webhooks = await started(balancer(), (it) => it.close());
    const latencyMs = () => Math.round(random.between(20, 200));
    const answer = (text: string) => {
      written += 1;
      return `You wrote: “${text}”.`;
    };
    const gemini = await started(startGemini({ latencyMs, wishFor: fateOf(), answer }), (it) => it.stop());
    const proxies = new Map<string, TcpProxy>();
    for (const label of labels()) proxies.set(label, await started(tcpProxy(log.port), (it) => it.close()));
    const addresses = {
      NATS_URL: log.url,
      NATS_MONITORING_URL: log.monitoring,
      MONGODB_URL: ownDatabase(mongodb.url),
      KEYCLOAK_URL: owners.url,
    };
    await started(setEnvironment(addresses), (giveBack) => giveBack());
    const natsUsers = await stackNatsUsers(join(directory, "nats-users"), { nats: log.url, natsKeys });
    await natsUsers.provision(REPOSITORY, process.env);
    const around = { telegram: telegram.url, gemini: gemini.url, webhooks, proxies, version, natsUsers };
    const stack = await started(startProduct(directory, around), (it) => it.stop());
    webhooks.serve(stack.replicasOf("ingress"));
    return {
      stack,
      processes: labelled(stack, proxies),
      log,
      webhooks,
      telegram: simulatorClient(telegram.url),
      gemini,
      owners,
      directory,
      written: () => written,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Around {
  readonly telegram: string;
  readonly gemini: string;
  readonly webhooks: Balancer;
  readonly proxies: ReadonlyMap<string, TcpProxy>;
  readonly version: Version | undefined;
  readonly natsUsers: StackNatsUsers;
}

/** Each process reaches the log by a proxy of its own, and Telegram by an address that tells who sends. */
function startProduct(directory: string, around: Around): Promise<Stack> {
  return startStack({
    repository: REPOSITORY,
    checkout: () => around.version?.checkout ?? REPOSITORY,
    directory,
    ports: "random",
    replicas: Object.fromEntries(SERVICE_NAMES.map((name) => [name, REPLICAS])),
    env: { ...process.env, ...environment(around) },
    envOf: ({ name, replica }) => ({
      NATS_URL: `nats://127.0.0.1:${around.proxies.get(`${name}-${replica}`)?.port}${keyOf(around.natsUsers.of(name))}`,
      ...(name === "conversation" && { TELEGRAM_API_ROOT: `${around.telegram}/via/${name}-${replica}` }),
    }),
    progress: () => {},
  });
}

/** The part of a NATS address that says who comes. */
const keyOf = ({ NATS_URL = "" }: NodeJS.ProcessEnv) => /\?.*$/.exec(NATS_URL)?.[0] ?? "";

function labels(): readonly string[] {
  return SERVICE_NAMES.flatMap((name) => Array.from({ length: REPLICAS }, (_, index) => `${name}-${index + 1}`));
}

function labelled(stack: Stack, proxies: ReadonlyMap<string, TcpProxy>): readonly StormProcess[] {
  return SERVICE_NAMES.flatMap((name) =>
    stack.replicasOf(name).flatMap((process, index) => {
      const label = `${name}-${index + 1}`;
      const toLog = proxies.get(label);
      return toLog === undefined ? [] : [{ ...process, label, toLog }];
    }),
  );
}

/** Quotas high enough that they bound nothing: what is measured here is what is lost, not what is allowed. */
function environment({ telegram, gemini, webhooks }: Around): NodeJS.ProcessEnv {
  return {
    TEST_RUN: "storm",
    LOG_LEVEL: "info",
    DRAIN_DELAY_SECONDS: "2",
    TELEGRAM_API_ROOT: telegram,
    WEBHOOK_BASE_URL: webhooks.url,
    GEMINI_BASE_URL: gemini,
    GOOGLE_API_KEY: "one=storm-1,two=storm-2",
    GEMINI_RPM: "1000000",
    GEMINI_RPD: "10000000",
  };
}

function ownDatabase(url: string): string {
  const own = new URL(url);
  own.pathname = `/storm_${Date.now().toString(36)}`;
  return own.href;
}
