import type { IncomingMessage, ServerResponse } from "node:http";

/** What `telemetry.ts` leaves for the admin server and the lifecycle, when a process started it. */
export interface Telemetry {
  readonly serveMetrics: (request: IncomingMessage, response: ServerResponse) => void;
  readonly shutdown: () => Promise<void>;
}

let running: Telemetry | undefined;

/** Called once, by `telemetry.ts`. */
export function setTelemetry(telemetry: Telemetry): void {
  running = telemetry;
}

/** Nothing when the process did not import `@botfactory/service-kit/telemetry`. */
export function telemetry(): Telemetry | undefined {
  return running;
}

/** Sends the last spans; resolves also when nothing was started. */
export async function flushTelemetry(): Promise<void> {
  await running?.shutdown();
}
