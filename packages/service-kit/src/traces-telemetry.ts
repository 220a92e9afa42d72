import { PrometheusExporter } from "@opentelemetry/exporter-prometheus";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { NodeSDK, resources, tracing } from "@opentelemetry/sdk-node";
import { httpInstrumentations, patchLoadedHttp } from "./http-instrumentation.ts";
import { observeProcess } from "./process-metrics.ts";
import { redactingExporter } from "./redacting-exporter.ts";
import { serviceName } from "./service-name.ts";
import type { Telemetry } from "./telemetry-state.ts";

/** Metrics, and spans to where the environment says. */
export function startTraces(env: NodeJS.ProcessEnv): Telemetry {
  const metrics = new PrometheusExporter({ preventServerStart: true });
  const sdk = new NodeSDK({
    serviceName: serviceName(env, process.argv[1]),
    resourceDetectors: [resources.envDetector],
    metricReaders: [metrics],
    logRecordProcessors: [],
    spanProcessors: [new tracing.BatchSpanProcessor(redactingExporter(new OTLPTraceExporter()))],
    instrumentations: httpInstrumentations(),
  });
  sdk.start();
  patchLoadedHttp();
  observeProcess();
  return {
    serveMetrics: (request, response) => metrics.getMetricsRequestHandler(request, response),
    shutdown: () => sdk.shutdown(),
  };
}
