import { ModelFailure } from "./text-model.ts";

/** What spans and metrics say of one call of a model, after OpenTelemetry's semantic conventions for generative AI. */
export function callAttributes(model: string) {
  return {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "gcp.gemini",
    "gen_ai.request.model": model,
  };
}

/** `error.type` of a call that failed. */
export function errorType(error: unknown): string {
  return error instanceof ModelFailure ? error.kind : "other";
}
