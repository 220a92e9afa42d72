import type { Scripted } from "./script.ts";

export interface Reply {
  readonly status: number;
  readonly body: unknown;
}

const TYPE = "type.googleapis.com/google.rpc.";
const usageMetadata = { promptTokenCount: 12, totalTokenCount: 12 };
const ratings = [{ category: "HARM_CATEGORY_HARASSMENT", probability: "HIGH" }];

/** Google's answer, as it is on the wire, for everything aimock does not say; undefined for what aimock answers. */
export function failure({ kind, status, body, retryAfterSeconds }: Scripted, model: string): Reply | undefined {
  switch (kind) {
    case "safety":
      return ok({ candidates: [{ finishReason: "SAFETY", index: 0, safetyRatings: ratings }], usageMetadata });
    case "prompt-blocked":
      return ok({ promptFeedback: { blockReason: "SAFETY", safetyRatings: ratings }, usageMetadata });
    case "empty":
      return ok({ candidates: [{ content: { role: "model" }, finishReason: "STOP", index: 0 }], usageMetadata });
    case "no-candidates":
      return ok({ candidates: [], usageMetadata });
    case "rate-minute":
      return quota("GenerateRequestsPerMinutePerProjectPerModel-FreeTier", model, `${retryAfterSeconds}s`);
    case "rate-day":
      // Google names a short delay here too, although the day's requests are spent.
      return quota("GenerateRequestsPerDayPerProjectPerModel-FreeTier", model, "43.5s");
    case "key-invalid":
      return keyInvalid();
    case "model-retired":
      return refusal(404, "NOT_FOUND", `models/${model} is not found for API version v1beta`);
    case "overloaded":
      return refusal(503, "UNAVAILABLE", "The model is overloaded. Please try again later.");
    case "internal":
      return refusal(500, "INTERNAL", "An internal error has occurred.");
    case "raw":
      return { status, body };
    case "answer":
    case "max-tokens":
    case "hang":
    case "break-off":
      return undefined;
  }
}

/** Google's error envelope. */
export function refusal(code: number, status: string, message: string): Reply {
  return refusalWith({ code, status, message });
}

function refusalWith(error: { code: number; status: string; message: string; details?: readonly unknown[] }): Reply {
  return { status: error.code, body: { error } };
}

function ok(body: unknown): Reply {
  return { status: 200, body };
}

/** Google's answer to a key it does not know. */
export function keyInvalid(): Reply {
  const message = "API key not valid. Please pass a valid API key.";
  const details = [{ "@type": `${TYPE}ErrorInfo`, reason: "API_KEY_INVALID", domain: "googleapis.com" }];
  return refusalWith({ code: 400, status: "INVALID_ARGUMENT", message, details });
}

function quota(quotaId: string, model: string, retryDelay: string): Reply {
  const message = "You exceeded your current quota, please check your plan and billing details.";
  const quotaMetric = "generativelanguage.googleapis.com/generate_content_free_tier_requests";
  const violations = [{ quotaMetric, quotaId, quotaDimensions: { location: "global", model } }];
  const details = [
    { "@type": `${TYPE}QuotaFailure`, violations },
    { "@type": `${TYPE}RetryInfo`, retryDelay },
  ];
  return refusalWith({ code: 429, status: "RESOURCE_EXHAUSTED", message, details });
}
