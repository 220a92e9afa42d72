import { DomainError, type DomainErrorKind } from "@botfactory/decider";
import { type FailureKind, ModelFailure } from "./text-model.ts";

const ERRORS: Readonly<Record<FailureKind, readonly [DomainErrorKind, string]>> = {
  "key-invalid": ["unavailable", "ai_key_invalid"],
  "rate-minute": ["exhausted", "ai_rate_minute"],
  "rate-day": ["exhausted", "ai_rate_day"],
  blocked: ["conflict", "ai_blocked"],
  empty: ["conflict", "ai_empty"],
  overloaded: ["unavailable", "ai_overloaded"],
  timeout: ["unavailable", "ai_timeout"],
  "request-refused": ["unavailable", "ai_request_refused"],
};

/** A model's failure as callers of the service know it; anything else passes as it is. */
export function toDomainError(error: unknown): unknown {
  if (!(error instanceof ModelFailure)) return error;
  const [kind, code] = ERRORS[error.kind];
  return new DomainError(kind, code, { cause: error });
}
