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
  // Before anything is awaited: that holds up no module beside this one, and a counter made without a provider counts nothing
  // for ever.
  const metrics = startMetrics(process.env);
  setTelemetry(metrics);
  if (isTraced) {
    // What sends spans is half of what a service would load, and a fifth of a second of its start.
    const { startTraces } = await import("./traces-telemetry.ts");
    const endTraces = startTraces(process.env);
    setTelemetry({ ...metrics, shutdown: async () => void (await Promise.all([endTraces(), metrics.shutdown()])) });
  }
}
