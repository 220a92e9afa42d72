import type { NatsConnection } from "nats";
import { loadConfig } from "./config.ts";
import { connectNats } from "./connect-nats.ts";
import { environment } from "./environment.ts";
import { createLogger } from "./logger.ts";
import { demandMonitoring, requireSyncedNats } from "./nats-sync.ts";

const provisionEnvironment = environment
  .pick({ LOG_LEVEL: true, NATS_URL: true, NATS_MONITORING_URL: true, NATS_SYNC: true, NATS_REPLICAS: true })
  .superRefine(demandMonitoring);

/**
 * Declares what a service keeps in NATS, as `process.env` says where, and resolves when it is there; may be run again at
 * any time. A NATS that is away is waited for. Throws `ConfigError` or `UnsyncedNats` as the service itself would.
 */
export async function provision(
  service: string,
  declare: (nats: NatsConnection, replicas: number | undefined) => Promise<void>,
): Promise<void> {
  const config = loadConfig(provisionEnvironment, process.env);
  const logger = createLogger(service, config.LOG_LEVEL);
  await requireSyncedNats(config, logger);
  const nats = await connectNats({ url: config.NATS_URL, name: `${service}-provision`, user: "provision", logger });
  await declare(nats, config.NATS_REPLICAS);
  await nats.drain();
  logger.info("what this service keeps in NATS is declared");
}
