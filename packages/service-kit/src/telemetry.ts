/**
 * Import this first in `main.ts`, or start with `--import @botfactory/service-kit/telemetry`. Metrics are always on
 * (shown by the admin server); spans leave only when OTEL_EXPORTER_OTLP_ENDPOINT is set.
 */
import { startMetrics } from "./metrics-telemetry.ts";
import { setTelemetry, telemetry } from "./telemetry-state.ts";

const { OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT } = process.env;
const isTraced = Boolean(OTEL_EXPORTER_OTLP_ENDPOINT || OTEL_EXPORTER_OTLP_TRACES_ENDPOINT);

// Imported by --import and by main.ts alike, perhaps through two module graphs: started once.
if (telemetry() === undefined) {
  // What sends spans is half of what a service would load, and a fifth of a second of its start.
  const start = isTraced ? (await import("./traces-telemetry.ts")).startTraces : startMetrics;
  setTelemetry(start(process.env));
}
