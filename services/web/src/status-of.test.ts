import { DomainError } from "@botfactory/decider";
import { describe, expect, it } from "@jest/globals";
import { statusOf } from "./status-of.ts";

describe("the HTTP status of a refusal", () => {
  it.each([
    ["invalid", "token_invalid", 400],
    ["unauthenticated", "unauthenticated", 401],
    ["forbidden", "csrf_invalid", 403],
    ["not-found", "bot_not_found", 404],
    ["conflict", "token_taken", 409],
    ["exhausted", "ai_rate_minute", 429],
    ["unavailable", "telegram_unreachable", 503],
    ["exhausted", "plan_limit_reached", 409],
    ["exhausted", "body_too_large", 413],
    ["invalid", "media_type_unsupported", 415],
    ["invalid", "method_not_allowed", 405],
  ] as const)("of kind %s with code %s is %i", (kind, code, status) => {
    expect(statusOf(new DomainError(kind, code))).toBe(status);
  });
});
