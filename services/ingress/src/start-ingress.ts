import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import { Server as ListeningServer } from "node:net";
import { adminServer, connectNats, type Logger, requireSyncedNats } from "@botfactory/service-kit";
import { ingressApp } from "./app.ts";
import type { IngressConfig } from "./config.ts";
import { connectionState } from "./connection-state.ts";
import type { StartPolling } from "./start-polling.ts";
import { declareStreams } from "./streams.ts";
import { updateLog } from "./update-log.ts";
import { webhookTable } from "./webhook-table.ts";

export interface Ingress {
  readonly port: number;
  readonly adminPort: number;
  stop(): Promise<void>;
}

export interface IngressEnvironment {
  readonly logger: Logger;
  readonly stopping?: AbortSignal;
}

/** Starts one ingress: admin port first, so that probes have an answer while the log is awaited. */
export async function startIngress(config: IngressConfig, environment: IngressEnvironment): Promise<Ingress> {
  const { logger, stopping } = environment;
  const checks: Record<string, () => boolean> = { started: () => false };
  const readiness = { checks, ...(stopping && { stopping }) };
  const admin = await adminServer({ port: config.ADMIN_PORT, ...readiness });
  await requireSyncedNats(config, logger);
  const nats = await connectNats({ url: config.NATS_URL, name: "ingress", logger });
  const connection = connectionState(nats);
  await declareStreams(nats, config.NATS_REPLICAS);
  const table = webhookTable({ nats, connection, logger });
  const log = updateLog(nats);
  const poller = config.TELEGRAM_UPDATES === "polling" ? await pollingWith(config, { table, log, logger }) : undefined;
  const app = ingressApp({ table, log, logger, isLogReachable: connection.isConnected, readiness });
  const server = await listen(sendingAway(createServer(LIMITS, app), stopping), config.PORT);
  Object.assign(checks, { started: () => true, nats: connection.isConnected, webhooks: table.isReady });
  return {
    port: portOf(server),
    adminPort: admin.port,
    async stop() {
      poller?.stop();
      await close(server, { idleAfterMs: IDLE_FOR_DELAYS * config.DRAIN_DELAY_SECONDS * 1_000 });
      table.close();
      await nats.drain();
      await admin.close();
    },
  };
}

// A sender that trickles holds a connection for 30 s at most; idle ones outlive a load balancer's 60 s.
const LIMITS = { headersTimeout: 10_000, requestTimeout: 30_000, keepAliveTimeout: 65_000 };

/** Loaded only where it is used: gRPC and grammY are a third of what ingress would load, and half a second of a start. */
async function pollingWith(...given: Parameters<StartPolling>): Promise<{ stop(): void }> {
  const { startPolling } = await import("./start-polling.ts");
  return startPolling(...given);
}

/** While it stops, each connection ends with its next answer: one closed in between would lose the update just posted on it. */
function sendingAway(server: Server, stopping: AbortSignal | undefined): Server {
  const answering = new Set<ServerResponse>();
  const makeLast = (response: ServerResponse) => {
    if (!response.headersSent) response.setHeader("Connection", "close");
  };
  stopping?.addEventListener("abort", () => answering.forEach(makeLast), { once: true });
  return server.prependListener("request", (_request, response: ServerResponse) => {
    if (stopping?.aborted) return makeLast(response);
    answering.add(response);
    response.once("close", () => answering.delete(response));
  });
}

async function listen(server: Server, port: number): Promise<Server> {
  server.listen(port);
  await once(server, "listening");
  return server;
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return address.port;
}

// A sender that keeps connections for some seconds has let go of the idle ones by then.
const IDLE_FOR_DELAYS = 2;
const LOOK_FOR_IDLE_EVERY_MS = 100;

/**
 * Takes no new connection; those there are end with their next answer. Node's own `close` would cut the idle ones off at
 * once, and with them what is posted on one in that moment; here it is done last.
 */
async function close(server: Server, { idleAfterMs }: { readonly idleAfterMs: number }): Promise<void> {
  const closed = once(server, "close");
  ListeningServer.prototype.close.call(server);
  const patientUntil = performance.now() + idleAfterMs;
  const looking = setInterval(() => {
    if (performance.now() >= patientUntil) server.closeIdleConnections();
  }, LOOK_FOR_IDLE_EVERY_MS);
  await closed;
  clearInterval(looking);
}
