import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { metrics, type ObservableResult } from "@opentelemetry/api";
import { type Readiness, whyNotReady } from "./readiness.ts";
import { telemetry } from "./telemetry-state.ts";

/** What the admin server needs to know about its process. */
export interface AdminServerOptions extends Readiness {
  /** 0 takes a free port. */
  readonly port: number;
}

/** A running admin server. */
export interface AdminServer {
  readonly port: number;
  close(): Promise<void>;
}

/**
 * Serves /healthz (the process answers), /readyz (503 with the names of failing checks, nothing more) and /metrics
 * (Prometheus text) on every interface; the port must not be reachable from outside.
 */
export async function adminServer(options: AdminServerOptions): Promise<AdminServer> {
  const server = createServer((request, response) => {
    route(options, request, response).catch(() => response.destroy());
  });
  const observed = observeReadiness(options);
  server.listen(options.port);
  await once(server, "listening");
  return {
    port: portOf(server.address()),
    async close() {
      observed.stop();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

async function route(options: AdminServerOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  switch (request.url?.split("?")[0]) {
    case "/healthz":
      return answer(response, 200, { status: "ok" });
    case "/readyz":
      return answerReadiness(options, response);
    case "/metrics":
      return serveMetrics(request, response);
    default:
      return answer(response, 404, { status: "not found" });
  }
}

/** What /readyz says, as a number: a process that cannot get ready is seen also while nobody asks it for anything. */
function observeReadiness(readiness: Readiness): { stop(): void } {
  const gauge = metrics.getMeter("@botfactory/service-kit").createObservableGauge("botfactory.ready", {
    description: "1 while the process takes work, 0 while it starts, stops or lacks something.",
  });
  const observe = async (result: ObservableResult) =>
    result.observe((await whyNotReady(readiness)).length === 0 ? 1 : 0);
  gauge.addCallback(observe);
  return { stop: () => gauge.removeCallback(observe) };
}

async function answerReadiness(readiness: Readiness, response: ServerResponse): Promise<void> {
  const failing = await whyNotReady(readiness);
  if (failing.length === 0) return answer(response, 200, { status: "ready" });
  answer(response, 503, { status: "not ready", failing });
}

function serveMetrics(request: IncomingMessage, response: ServerResponse): void {
  const running = telemetry();
  if (running === undefined) response.writeHead(200, { "content-type": "text/plain; version=0.0.4" }).end("");
  else running.serveMetrics(request, response);
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(`${JSON.stringify(body)}\n`);
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === "string") throw new Error("the admin server has no port");
  return address.port;
}
