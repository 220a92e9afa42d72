import { mkdir } from "node:fs/promises";
import type { NatsKeys, NatsUser } from "@botfactory/infrastructure";
import { writeSeeds } from "@botfactory/operator/nats-keys";
import type { Neighbours } from "./neighbours.ts";
import { provisionAll } from "./provision-all.ts";
import type { ServiceName } from "./service-process.ts";

/** The NATS of a local stack with a user for each service, as in production. */
export interface StackNatsUsers {
  /** What a service has to be started with to be its own user; nothing where the NATS is somebody else's. */
  of(service: ServiceName): NodeJS.ProcessEnv;
  /** Declares what all services keep, in the name of the one user that may; before they start, or they wait for it. */
  provision(repository: string, env: NodeJS.ProcessEnv): Promise<void>;
}

/** Writes the users' seeds to a directory. Somebody else's NATS has users we do not know: there services declare by themselves. */
export async function stackNatsUsers(
  directory: string,
  { nats, natsKeys }: Pick<Neighbours, "nats" | "natsKeys">,
): Promise<StackNatsUsers> {
  if (natsKeys === undefined) return { of: () => ({}), provision: () => Promise.resolve() };
  const urls = await urlsOf(directory, nats, natsKeys);
  return {
    of: (service) => (service in urls ? { NATS_URL: urls[service as NatsUser] } : {}),
    provision: (repository, env) => provisionAll(repository, { ...env, NATS_URL: urls.provision, LOG_LEVEL: "warn" }),
  };
}

async function urlsOf(directory: string, nats: string, keys: NatsKeys) {
  await mkdir(directory, { recursive: true });
  const files = Object.entries(await writeSeeds(directory, keys));
  const urls = files.map(([user, file]) => [user, `${nats}?nkey=${encodeURIComponent(file)}`]);
  return Object.fromEntries(urls) as Record<NatsUser, string>;
}
