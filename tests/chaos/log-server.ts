import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freshNats, lastingPlace } from "@botfactory/infrastructure";

export interface LogServer {
  readonly port: number;
  readonly url: string;
  /** Where it says that it syncs; it stays after a kill. */
  readonly monitoring: string | undefined;
  /** kill -9, and the same server on the same port and files after `ms`. */
  kill(ms: number): Promise<void>;
  stop(): Promise<void>;
}

/**
 * A NATS server of the storm's own, whose process can be killed: not one of the environment, not one in a container. With
 * `accounts`, as `natsAccounts` writes them; else everybody may do everything.
 */
export async function logServer(accounts: string | undefined): Promise<LogServer> {
  const dataDirectory = await mkdtemp(join(tmpdir(), "botfactory-storm-log-"));
  const place = { ...(await lastingPlace(dataDirectory)), ...(accounts === undefined ? {} : { accounts }) };
  let running = await freshNats(place);
  return {
    port: place.port,
    url: running.url,
    monitoring: running.monitoring,
    async kill(ms) {
      const { pid } = running;
      if (pid === undefined)
        throw new Error("the storm needs a NATS server it can kill: one on PATH or the embedded one");
      process.kill(pid, "SIGKILL");
      await running.stop();
      await new Promise((resolve) => setTimeout(resolve, ms));
      running = await freshNats(place);
    },
    async stop() {
      await running.stop();
      await rm(dataDirectory, { recursive: true, force: true });
    },
  };
}
