import { metrics } from "@opentelemetry/api";

/** Made while the module is loaded, as the services' counters are. */
export const atImport = metrics.getMeter("program").createCounter("counted_at_import");
