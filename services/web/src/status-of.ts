import type { DomainError, DomainErrorKind } from "@botfactory/decider";

const STATUS_OF_KIND: Record<DomainErrorKind, number> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  "not-found": 404,
  conflict: 409,
  exhausted: 429,
  unavailable: 503,
};

const STATUS_OF_CODE: Readonly<Record<string, number>> = {
  // 429 invites to try again later; here only deleting a bot or another plan helps, which is what 409 says.
  plan_limit_reached: 409,
  method_not_allowed: 405,
  body_too_large: 413,
  media_type_unsupported: 415,
};

export function statusOf({ kind, code }: Pick<DomainError, "kind" | "code">): number {
  return STATUS_OF_CODE[code] ?? STATUS_OF_KIND[kind];
}
