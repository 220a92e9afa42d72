import { connectNats, createLogger, type NatsOptions } from "@botfactory/service-kit";
import type { NatsConnection } from "nats";
import { hostsOf } from "./doctor/http.ts";
import { reasonOf } from "./doctor/reason.ts";

/** A connection for one command: where no server is it fails at once, since nobody waits at a terminal for ever. */
export async function connectForCommand(options: Pick<NatsOptions, "url" | "name" | "user">): Promise<NatsConnection> {
  try {
    // What a command prints is its answer, perhaps for a program.
    const logger = createLogger(options.name, "warn", process.stderr);
    return await connectNats({ ...options, logger, waitOnFirstConnect: false });
  } catch (cause) {
    const remedy = "correct NATS_URL, or run botfactory doctor to see what is wrong with it";
    throw new Error(`NATS at ${hostsOf(options.url)}: ${reasonOf(cause)}; ${remedy}`, { cause });
  }
}
