import { mounted } from "./mounted.ts";
import { natsConfig } from "./nats-config.ts";
import type { NatsOptions, StartedNats } from "./nats-options.ts";

const CLIENT_PORT = 4222;
const MONITORING_PORT = 8222;

/** NATS in a container of the image BOTFACTORY_NATS_IMAGE (nats:2.14-alpine when unset). */
export async function startNatsContainer(options: NatsOptions): Promise<StartedNats> {
  const { port, monitoringPort, dataDirectory, sync, accounts, trace } = options;
  // Loaded here only: it is large, and most runs need no container engine.
  const { GenericContainer, Wait } = await import("testcontainers");
  const config = natsConfig({
    store: "/data",
    host: "0.0.0.0",
    port: CLIENT_PORT,
    monitoringPort: MONITORING_PORT,
    sync,
    accounts,
    trace,
  });
  const image = new GenericContainer(process.env["BOTFACTORY_NATS_IMAGE"] ?? "nats:2.14-alpine")
    .withCopyContentToContainer([{ content: config, target: "/etc/nats/botfactory.conf" }])
    .withCommand(["-c", "/etc/nats/botfactory.conf"])
    .withExposedPorts(exposed(CLIENT_PORT, port), exposed(MONITORING_PORT, monitoringPort))
    .withWaitStrategy(Wait.forLogMessage(/Server is ready/));
  if (dataDirectory !== undefined) image.withBindMounts([await mounted(dataDirectory, "/data")]);
  const container = await image.start();
  return {
    url: `nats://${container.getHost()}:${container.getMappedPort(CLIENT_PORT)}`,
    monitoring: `http://${container.getHost()}:${container.getMappedPort(MONITORING_PORT)}`,
    how: "container",
    stop: async () => {
      await container.stop({ remove: true });
    },
  };
}

function exposed(container: number, host = 0) {
  return host === 0 ? container : { container, host };
}
