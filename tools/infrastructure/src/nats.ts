import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { embeddedProgram } from "./embedded-program.ts";
import { freePort } from "./free-port.ts";
import { natsConfig, natsMoreConfig } from "./nats-config.ts";
import { startNatsContainer } from "./nats-container.ts";
import type { NatsOptions, StartedNats } from "./nats-options.ts";
import { boundToParent, startProgram } from "./program.ts";
import { runDirectory } from "./run-directory.ts";
import { runningAt } from "./started.ts";
import type { Way } from "./way.ts";
import { wayOf } from "./way.ts";

const READY_WITHIN_MS = 30_000;

/** A NATS server with JetStream that syncs every write: NATS_URL, `nats-server` on PATH, a container, or the embedded one. */
export async function startNats(options: NatsOptions = {}): Promise<StartedNats> {
  const way = await wayOf({ variable: "NATS_URL", program: "nats-server" });
  return way.kind === "environment" ? runningAt(way.url) : ownNats(way, options);
}

/** A NATS server of the caller's own even where NATS_URL names a shared one, for tests that fill it or stop it. */
export async function freshNats(options: NatsOptions = {}): Promise<StartedNats> {
  return ownNats(await wayOf({ program: "nats-server" }), options);
}

/** Options of a server that is to come back: at the same addresses, with the same files. */
export async function lastingPlace(dataDirectory: string) {
  return { dataDirectory, port: await freePort(), monitoringPort: await freePort() } satisfies NatsOptions;
}

async function ownNats(way: Way, options: NatsOptions): Promise<StartedNats> {
  if (way.kind === "container") return startNatsContainer(options);
  const directory = await runDirectory(options.dataDirectory, "nats");
  const server =
    way.kind === "path" ? serverOnPath(way.program, directory.path, options) : embeddedServer(directory.path, options);
  const { stop, ...started } = await server;
  return {
    ...started,
    stop: async () => {
      await stop();
      await directory.release();
    },
  };
}

async function embeddedServer(
  store: string,
  { port = 0, monitoringPort = 0, sync = "always", accounts, trace, progress }: NatsOptions,
): Promise<StartedNats> {
  const more = natsMoreConfig({ store, accounts, trace });
  const config = join(store, "nats-server.conf");
  if (more !== "") await writeFile(config, more, { mode: 0o600 });
  const [command, args] = boundToParent(await embeddedProgram(progress), [
    "nats",
    "--port",
    `${port}`,
    "--http-port",
    `${monitoringPort}`,
    "--store",
    store,
    "--sync",
    sync,
    ...(more === "" ? [] : ["--config", config]),
  ]);
  const { pid, said, stop } = await startProgram({ command, args, ready: /^\{.*\}$/m, withinMs: READY_WITHIN_MS });
  const { url, monitoring } = JSON.parse(said) as { url: string; monitoring: string };
  return { url, monitoring, how: "embedded", pid, stop };
}

async function serverOnPath(
  program: string,
  store: string,
  { port = 0, monitoringPort = 0, sync, accounts, trace }: NatsOptions,
): Promise<StartedNats> {
  const config = join(store, "nats-server.conf");
  const places = { host: "127.0.0.1", port: port || -1, monitoringPort: monitoringPort || -1 };
  await writeFile(config, natsConfig({ store, ...places, sync, accounts, trace }), { mode: 0o600 });
  const [command, args] = boundToParent(program, ["-c", config]);
  const { pid, said, stop } = await startProgram({
    command,
    args,
    ready:
      /Starting http monitor on ([\d.:]+)[\s\S]*Listening for client connections on ([\d.:]+)[\s\S]*Server is ready/,
    withinMs: READY_WITHIN_MS,
  });
  const [monitor, client] = [...said.matchAll(/ on ([\d.]+:\d+)/g)].map((match) => match[1]);
  return { url: `nats://${client}`, monitoring: `http://${monitor}`, how: "path", pid, stop };
}
