import { DomainError } from "@botfactory/decider";
import { errors } from "jose";

// What jose says about the token; anything else it says is about fetching the keys.
const ABOUT_THE_TOKEN = [
  errors.JWTExpired,
  errors.JWTClaimValidationFailed,
  errors.JWTInvalid,
  errors.JWSInvalid,
  errors.JWSSignatureVerificationFailed,
  errors.JWKSNoMatchingKey,
  errors.JWKSMultipleMatchingKeys,
  errors.JOSEAlgNotAllowed,
  errors.JOSENotSupported,
];

/** `unauthenticated` for a bad token, `unavailable` when the keys to judge it could not be had. */
export function refusedToken(error: unknown): DomainError {
  if (error instanceof DomainError) return error;
  const bad = ABOUT_THE_TOKEN.some((kind) => error instanceof kind);
  return bad
    ? new DomainError("unauthenticated", "unauthenticated", { cause: error })
    : new DomainError("unavailable", "unavailable", { cause: error });
}
