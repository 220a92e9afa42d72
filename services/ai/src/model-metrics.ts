import { metrics } from "@opentelemetry/api";
import { callAttributes, errorType } from "./gen-ai-conventions.ts";
import type { Tokens } from "./text-model.ts";

// OpenTelemetry's semantic conventions for generative AI, their buckets included.
const meter = metrics.getMeter("@botfactory/ai");
const durations = meter.createHistogram("gen_ai.client.operation.duration", {
  unit: "s",
  description: "Calls of the model, from the request until the end of its text.",
  advice: {
    explicitBucketBoundaries: [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92],
  },
});
const tokens = meter.createHistogram("gen_ai.client.token.usage", {
  unit: "{token}",
  description: "Tokens of a call of the model.",
  advice: {
    explicitBucketBoundaries: [1, 4, 16, 64, 256, 1_024, 4_096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304],
  },
});

/** What one call of a model came to. */
export type ModelCallEnd = { readonly tokens: Tokens } | { readonly error: unknown };

/** Counts one call of a model; `ms` is how long it took. */
export function recordModelCall(model: string, ms: number, end: ModelCallEnd): void {
  const attributes = callAttributes(model);
  if ("tokens" in end) {
    durations.record(ms / 1_000, attributes);
    tokens.record(end.tokens.input, { ...attributes, "gen_ai.token.type": "input" });
    tokens.record(end.tokens.output, { ...attributes, "gen_ai.token.type": "output" });
  } else {
    durations.record(ms / 1_000, { ...attributes, "error.type": errorType(end.error) });
  }
}
