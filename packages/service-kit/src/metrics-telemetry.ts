import { metrics } from "@opentelemetry/api";
import { PrometheusExporter } from "@opentelemetry/exporter-prometheus";
import { defaultResource, detectResources, envDetector, resourceFromAttributes } from "@opentelemetry/resources";
import { MeterProvider } from "@opentelemetry/sdk-metrics";
import { observeProcess } from "./process-metrics.ts";
import { serviceName } from "./service-name.ts";
import type { Telemetry } from "./telemetry-state.ts";

/** Metrics alone: contexts are not followed through promises and nothing is put into headers. */
export function startMetrics(env: NodeJS.ProcessEnv): Telemetry {
  const exporter = new PrometheusExporter({ preventServerStart: true });
  const named = resourceFromAttributes({ "service.name": serviceName(env, process.argv[1]) });
  const resource = defaultResource()
    .merge(detectResources({ detectors: [envDetector] }))
    .merge(named);
  const provider = new MeterProvider({ resource, readers: [exporter] });
  metrics.setGlobalMeterProvider(provider);
  observeProcess();
  return {
    serveMetrics: (request, response) => exporter.getMetricsRequestHandler(request, response),
    shutdown: () => provider.shutdown(),
  };
}
