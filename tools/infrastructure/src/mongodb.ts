import { join } from "node:path";
import { embeddedProgram } from "./embedded-program.ts";
import { startMongodbContainer } from "./mongodb-container.ts";
import type { MongodbOptions } from "./mongodb-options.ts";
import { startPostgres } from "./postgres.ts";
import { boundToParent, givingWay, NICENESS, startProgram } from "./program.ts";
import { toStandardError } from "./progress.ts";
import { runDirectory } from "./run-directory.ts";
import type { Started } from "./started.ts";
import { runningAt } from "./started.ts";
import { wayOf } from "./way.ts";

const READY_WITHIN_MS = 60_000;

/** A MongoDB, or FerretDB 2 over PostgreSQL: MONGODB_URL, `mongod` on PATH, a container, or the embedded one. */
export async function startMongodb(options: MongodbOptions = {}): Promise<Started> {
  const way = await wayOf({ variable: "MONGODB_URL", program: "mongod" });
  switch (way.kind) {
    case "environment":
      return runningAt(way.url);
    case "container":
      return startMongodbContainer(options);
    case "path":
      return inDirectory(options, (directory) => mongodOnPath(way.program, directory, options));
    case "embedded":
      return inDirectory(options, (directory) => embeddedFerretdb(directory, options));
  }
}

async function inDirectory(options: MongodbOptions, start: (path: string) => Promise<Started>): Promise<Started> {
  const directory = await runDirectory(options.dataDirectory, "mongodb");
  try {
    const started = await start(directory.path);
    const stop = async () => {
      await started.stop();
      await directory.release();
    };
    return { ...started, stop };
  } catch (error) {
    await directory.release();
    throw error;
  }
}

async function embeddedFerretdb(directory: string, options: MongodbOptions): Promise<Started> {
  const { port = 0, dataDirectory, progress = toStandardError } = options;
  const durable = dataDirectory !== undefined;
  // Side by side: at the first start one is built and the other fetched, a minute each.
  const building = embeddedProgram(progress);
  building.catch(() => undefined);
  const postgres = await startPostgres({ dataDirectory: join(directory, "postgres"), durable, progress });
  const flags = [
    "--listen",
    `127.0.0.1:${port}`,
    "--postgres-url",
    postgres.url,
    "--state-dir",
    join(directory, "ferretdb"),
  ];
  try {
    const [command, args] = boundToParent(...givingWay(NICENESS.documents, await building, ["mongodb", ...flags]));
    const ferretdb = await startProgram({
      command,
      args,
      ready: /^\{.*\}$/m,
      withinMs: READY_WITHIN_MS,
    });
    const { url } = JSON.parse(ferretdb.said) as { url: string };
    const stop = async () => {
      await ferretdb.stop();
      await postgres.stop();
    };
    return { url, how: "embedded", pid: ferretdb.pid, stop };
  } catch (error) {
    await postgres.stop();
    throw error;
  }
}

async function mongodOnPath(program: string, directory: string, { port = 0 }: MongodbOptions): Promise<Started> {
  const options = ["--bind_ip", "127.0.0.1", "--port", `${port}`, "--dbpath", directory];
  const [command, args] = boundToParent(...givingWay(NICENESS.documents, program, options));
  // mongod logs JSON; with port 0 the line tells which port the system gave.
  const ready = /"Waiting for connections".*?"port":(\d+)/;
  const { pid, said, stop } = await startProgram({ command, args, ready, withinMs: READY_WITHIN_MS });
  return { url: `mongodb://127.0.0.1:${ready.exec(said)?.[1]}/`, how: "path", pid, stop };
}
