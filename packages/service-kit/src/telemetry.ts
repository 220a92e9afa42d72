/**
 * Import this first in `main.ts`, or start with `--import @botfactory/service-kit/telemetry`. Metrics are always on
 * (shown by the admin server); spans leave only when OTEL_EXPORTER_OTLP_ENDPOINT is set.
 */
import { PrometheusExporter } from "@opentelemetry/exporter-prometheus";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { NodeSDK, resources, tracing } from "@opentelemetry/sdk-node";
import { httpInstrumentations, patchLoadedHttp } from "./http-instrumentation.ts";
import { observeProcess } from "./process-metrics.ts";
import { redactingExporter } from "./redacting-exporter.ts";
import { serviceName } from "./service-name.ts";
import { setTelemetry, telemetry } from "./telemetry-state.ts";
import { UNTRACED } from "./untraced.ts";

function start(env: NodeJS.ProcessEnv): void {
  const metrics = new PrometheusExporter({ preventServerStart: true });
  const traced = [env["OTEL_EXPORTER_OTLP_ENDPOINT"], env["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"]].some(Boolean);
  const sdk = new NodeSDK({
    serviceName: serviceName(env, process.argv[1]),
    resourceDetectors: [resources.envDetector],
    metricReaders: [metrics],
    logRecordProcessors: [],
    spanProcessors: traced ? [new tracing.BatchSpanProcessor(redactingExporter(new OTLPTraceExporter()))] : [],
    instrumentations: traced ? httpInstrumentations() : [],
    ...(traced ? {} : UNTRACED),
  });
  sdk.start();
  if (traced) patchLoadedHttp();
  observeProcess();
  setTelemetry({
    serveMetrics: (request, response) => metrics.getMetricsRequestHandler(request, response),
    shutdown: () => sdk.shutdown(),
  });
}

// Imported by --import and by main.ts alike, perhaps through two module graphs: started once.
if (telemetry() === undefined) start(process.env);
