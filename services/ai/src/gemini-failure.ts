import { types } from "node:util";
import {
  GoogleGenerativeAIError,
  GoogleGenerativeAIFetchError,
  GoogleGenerativeAIRequestInputError,
} from "@google/generative-ai";
import { z } from "zod";
import { networkCode } from "./network-code.ts";
import { type FailureKind, ModelFailure } from "./text-model.ts";

// google.rpc.ErrorInfo, QuotaFailure and RetryInfo as JSON.
const detail = z.object({
  reason: z.string().optional(),
  retryDelay: z.string().optional(),
  violations: z.array(z.object({ quotaId: z.string().optional() })).optional(),
});

type Detail = z.output<typeof detail>;

/**
 * Whatever asking Gemini threw, in our words: a `ModelFailure`, or where neither the network nor the package's own errors
 * explain it a bug's place. A network that failed counts as overloaded: asking again may help. `code` says how it failed.
 */
export function toModelFailure(error: unknown, code = networkCode(error)): Error {
  if (error instanceof ModelFailure) return error;
  if (error instanceof GoogleGenerativeAIFetchError) return refused(error);
  if (!isOfNetwork(error)) return bug(error);
  return new ModelFailure("overloaded", `Gemini did not answer${code === undefined ? "" : `: ${code}`}`);
}

function refused({ status = 0, errorDetails = [] }: GoogleGenerativeAIFetchError): ModelFailure {
  const details = errorDetails.flatMap((given) => detail.safeParse(given).data ?? []);
  return new ModelFailure(kindOf(status, details), `Gemini answered ${status}`, {
    retryAfterMs: retryAfterMs(details),
  });
}

// What `fetch` throws itself, while it connects and while an answer comes.
const OF_FETCH = ["fetch failed", "terminated"];

/** The package makes its own error, without a cause, of whatever `fetch` threw and of an answer that cannot be read. */
function isOfNetwork(error: unknown): boolean {
  if (error instanceof GoogleGenerativeAIError) return !(error instanceof GoogleGenerativeAIRequestInputError);
  return types.isNativeError(error) && OF_FETCH.includes(error.message);
}

/** Where it happened, without what it says: that may quote a header, which has the key, or a prompt. */
function bug(error: unknown): Error {
  const { name, message, stack = "" } = types.isNativeError(error) ? error : new Error();
  const found = new Error(`${name} where Gemini is asked`);
  // What stands before the message differs: a code, or nothing. A message may have lines that look like places.
  const said = stack.indexOf(message);
  const places =
    said < 0
      ? []
      : stack
          .slice(said + message.length)
          .split("\n")
          .filter((line) => /^ +at /.test(line));
  found.stack = [`${found.name}: ${found.message}`, ...places].join("\n");
  return found;
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
