import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { embeddedProgram } from "./embedded-program.ts";
import { freePort } from "./free-port.ts";
import { natsMoreConfig } from "./nats-config.ts";
import type { NatsOptions } from "./nats-options.ts";
import { boundToParent, type Running, startProgram } from "./program.ts";
import { runDirectory } from "./run-directory.ts";

/** One server of a cluster; it keeps its addresses and its files over a restart. */
export interface ClusteredNats {
  readonly name: string;
  readonly url: string;
  readonly monitoring: string;
  /** The process, while there is one. */
  pid(): number | undefined;
  kill(signal?: NodeJS.Signals): void;
  /** Starts it again and resolves when it accepts connections. */
  restart(): Promise<void>;
}

/** Several NATS servers that keep copies of one log, on one machine: it shows the protocol, not machines that fail. */
export interface NatsCluster {
  /** All client addresses, as NATS_URL takes them. */
  readonly url: string;
  /** All monitoring addresses, as NATS_MONITORING_URL takes them. */
  readonly monitoring: string;
  readonly servers: readonly ClusteredNats[];
  stop(): Promise<void>;
}

interface Place {
  readonly name: string;
  readonly port: number;
  readonly monitoringPort: number;
  readonly clusterPort: number;
  readonly store: string;
  /** What it has to know of users; none: everybody may do everything. */
  readonly config: string | undefined;
}

const READY_WITHIN_MS = 30_000;

/** Starts a cluster of the embedded servers, whatever else is there: only these are killed and started again one by one. */
export async function startNatsCluster(
  options: Pick<NatsOptions, "dataDirectory" | "accounts" | "progress"> = {},
  size = 3,
) {
  const program = await embeddedProgram(options.progress);
  const directory = await runDirectory(options.dataDirectory, "nats-cluster");
  const places = await Promise.all(
    Array.from({ length: size }, (_, index) => placeIn(directory.path, index + 1, options.accounts)),
  );
  const routes = places.map(({ clusterPort }) => `nats://127.0.0.1:${clusterPort}`).join(",");
  const servers = places.map((place) => clusteredServer(program, routes, place));
  const stop = async () => {
    await Promise.all(servers.map((server) => server.stop()));
    await directory.release();
  };
  try {
    await Promise.all(servers.map((server) => server.restart()));
  } catch (error) {
    await stop();
    throw error;
  }
  const cluster: NatsCluster = {
    url: servers.map(({ url }) => url).join(","),
    monitoring: servers.map(({ monitoring }) => monitoring).join(","),
    servers,
    stop,
  };
  return cluster;
}

async function placeIn(directory: string, number: number, accounts: string | undefined): Promise<Place> {
  const [port, monitoringPort, clusterPort] = [await freePort(), await freePort(), await freePort()];
  const store = join(directory, `${number}`);
  await mkdir(store, { recursive: true });
  const config = accounts === undefined ? undefined : join(store, "nats-server.conf");
  if (config !== undefined) await writeFile(config, natsMoreConfig({ store, accounts }), { mode: 0o600 });
  return { name: `nats-${number}`, port, monitoringPort, clusterPort, store, config };
}

function clusteredServer(program: string, routes: string, place: Place) {
  const { name, port, monitoringPort, clusterPort, store, config } = place;
  const [command, args] = boundToParent(program, [
    ...["nats", "--name", name, "--port", `${port}`, "--http-port", `${monitoringPort}`],
    ...["--store", store, "--cluster-port", `${clusterPort}`, "--routes", routes],
    ...(config === undefined ? [] : ["--config", config]),
  ]);
  let running: Running | undefined;
  return {
    name,
    url: `nats://127.0.0.1:${port}`,
    monitoring: `http://127.0.0.1:${monitoringPort}`,
    pid: () => running?.pid,
    kill(signal: NodeJS.Signals = "SIGKILL") {
      if (running !== undefined) process.kill(running.pid, signal);
    },
    async restart() {
      await running?.stop();
      running = await startProgram({ command, args, ready: /^\{.*\}$/m, withinMs: READY_WITHIN_MS });
    },
    stop: async () => running?.stop(),
  };
}
