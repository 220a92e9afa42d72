import { existsSync } from "node:fs";
import { chmod, chown, mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { madeOnce } from "./cache.ts";
import type { PostgresHome, PostgresPlace } from "./postgres-home.ts";
import { dataInside, postgresCommand, postgresHome, socketsInside } from "./postgres-home.ts";
import type { Running } from "./program.ts";
import { givingWay, NICENESS, runToEnd, startProgram } from "./program.ts";
import type { Progress } from "./progress.ts";
import { timed } from "./progress.ts";
import { temporaryDirectory } from "./run-directory.ts";

const ROLE = "botfactory";
const READY_WITHIN_MS = 60_000;

export interface PostgresOptions {
  readonly dataDirectory: string;
  /** False trades safety in a power cut for speed, for data that a test throws away. */
  readonly durable: boolean;
  readonly progress: Progress;
}

export interface StartedPostgres {
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/** PostgreSQL 18 with DocumentDB on a Unix socket only: no port, no password, reachable by this user alone. */
export async function startPostgres({ dataDirectory, durable, progress }: PostgresOptions): Promise<StartedPostgres> {
  const home = await postgresHome(progress);
  const template = await dataTemplate(home, progress);
  if (!existsSync(dataDirectory)) await copyWhole(template, dataDirectory);
  const place = { home, data: dataDirectory, sockets: await socketDirectory(home) };
  const { pid, stop } = await startServer(place, durable ? [] : ["fsync=off", "full_page_writes=off"]);
  return {
    url: `postgres://${ROLE}@/postgres?host=${encodeURIComponent(place.sockets)}`,
    pid,
    stop: async () => {
      await stop();
      await rm(place.sockets, { recursive: true, force: true });
    },
  };
}

function startServer(place: PostgresPlace, settings: readonly string[]): Promise<Running> {
  const sockets = socketsInside(place);
  const all = [
    "listen_addresses=",
    `unix_socket_directories=${sockets}`,
    "shared_preload_libraries=pg_cron,pg_documentdb_core,pg_documentdb",
    "cron.database_name=postgres",
    `cron.host=${sockets}`,
    // DocumentDB creates collections through a second connection to its own server.
    `documentdb.localhost_connection_string=host=${sockets}`,
    // A root without a mounted /dev/shm has no POSIX shared memory.
    "dynamic_shared_memory_type=mmap",
    "max_connections=200",
    ...settings,
  ];
  const args = ["-D", dataInside(place), ...all.flatMap((setting) => ["-c", setting])];
  const [command, given] = givingWay(NICENESS.documents, ...postgresCommand(place, "postgres", args));
  const ready = /database system is ready to accept connections/;
  // SIGINT is PostgreSQL's fast shutdown: it does not wait for clients.
  return startProgram({ command, args: given, ready, withinMs: READY_WITHIN_MS, endBy: "SIGINT" });
}

function dataTemplate(home: PostgresHome, progress: Progress): Promise<string> {
  return madeOnce({
    name: "postgresql-18-data-1",
    make: (target) =>
      timed(progress, "initialise the database's template (once, about 5 s)", () => initialise(home, target)),
  });
}

async function initialise(home: PostgresHome, data: string): Promise<void> {
  const place = { home, data, sockets: await socketDirectory(home) };
  await chmod(data, 0o700);
  if (home.user) await chown(data, home.user.id, home.user.id);
  const initdb = [
    "-D",
    dataInside(place),
    "-U",
    ROLE,
    "--auth=trust",
    "--no-sync",
    "--locale=C.UTF-8",
    "--encoding=UTF8",
  ];
  await runToEnd(...postgresCommand(place, "initdb", initdb));
  const server = await startServer(place, []);
  const psql = ["-h", socketsInside(place), "-U", ROLE, "-qc", "create extension documentdb cascade", "postgres"];
  try {
    await runToEnd(...postgresCommand(place, "psql", psql));
  } finally {
    await server.stop();
    await rm(place.sockets, { recursive: true, force: true });
  }
}

/** Under the temporary directory, because a socket's path may have 107 characters and a checkout may lie deep. */
async function socketDirectory({ user }: PostgresHome): Promise<string> {
  const directory = await temporaryDirectory("pg");
  await mkdir(join(directory, "data"));
  if (user) await chown(directory, user.id, user.id);
  return directory;
}

async function copyWhole(template: string, target: string): Promise<void> {
  await mkdir(join(target, ".."), { recursive: true });
  const making = `${target}.making-${process.pid}`;
  await runToEnd("cp", ["-a", "--reflink=auto", template, making]);
  await rename(making, target);
}
