import { GoogleGenerativeAIFetchError } from "@google/generative-ai";
import { z } from "zod";
import { type FailureKind, ModelFailure } from "./text-model.ts";

// google.rpc.ErrorInfo, QuotaFailure and RetryInfo as JSON.
const detail = z.object({
  reason: z.string().optional(),
  retryDelay: z.string().optional(),
  violations: z.array(z.object({ quotaId: z.string().optional() })).optional(),
});

type Detail = z.output<typeof detail>;

/** Whatever asking Gemini threw, in our words. A network that failed counts as overloaded: asking again may help. */
export function toModelFailure(error: unknown): ModelFailure {
  if (error instanceof ModelFailure) return error;
  if (!(error instanceof GoogleGenerativeAIFetchError)) return new ModelFailure("overloaded", "Gemini did not answer");
  const { status = 0 } = error;
  const details = (error.errorDetails ?? []).flatMap((given) => detail.safeParse(given).data ?? []);
  return new ModelFailure(kindOf(status, details), `Gemini answered ${status}`, {
    retryAfterMs: retryAfterMs(details),
  });
}

function kindOf(status: number, details: readonly Detail[]): FailureKind {
  if (status === 429) return isDaily(details) ? "rate-day" : "rate-minute";
  if (status === 401 || status === 403 || details.some(({ reason }) => reason === "API_KEY_INVALID"))
    return "key-invalid";
  if (status === 408 || status === 504) return "timeout";
  return status >= 500 ? "overloaded" : "request-refused";
}

/** `GenerateRequestsPerDayPerProjectPerModel-FreeTier` and the like; a limit without a name is taken for the minute's. */
function isDaily(details: readonly Detail[]): boolean {
  return details.some(({ violations = [] }) => violations.some(({ quotaId = "" }) => quotaId.includes("PerDay")));
}

/** A protobuf Duration in JSON, such as "34.074824224s". */
function retryAfterMs(details: readonly Detail[]): number | undefined {
  const delay = details.find(({ retryDelay }) => retryDelay !== undefined)?.retryDelay;
  const seconds = Number.parseFloat(delay ?? "");
  return Number.isFinite(seconds) ? Math.ceil(seconds * 1_000) : undefined;
}
