import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { NodeSDK, resources, tracing } from "@opentelemetry/sdk-node";
import { httpInstrumentations, patchLoadedHttp } from "./http-instrumentation.ts";
import { redactingExporter } from "./redacting-exporter.ts";
import { serviceName } from "./service-name.ts";

/** Spans to where the environment says; answers with what sends the last ones. */
export function startTraces(env: NodeJS.ProcessEnv): () => Promise<void> {
  const sdk = new NodeSDK({
    serviceName: serviceName(env, process.argv[1]),
    resourceDetectors: [resources.envDetector],
    // Metrics have their own start; without a word the SDK would send them by OTLP too.
    metricReaders: [],
    logRecordProcessors: [],
    spanProcessors: [new tracing.BatchSpanProcessor(redactingExporter(new OTLPTraceExporter()))],
    instrumentations: httpInstrumentations(),
  });
  sdk.start();
  patchLoadedHttp();
  return () => sdk.shutdown();
}
