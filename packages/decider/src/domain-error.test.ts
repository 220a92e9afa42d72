import { describe, expect, it } from "@jest/globals";
import { DomainError } from "./domain-error.ts";

describe("a domain error", () => {
  it("carries its kind, code and params, and keeps the cause for the log", () => {
    const cause = new Error("socket closed");
    const error = new DomainError("exhausted", "plan_limit_reached", { params: { limit: "1" }, cause });
    expect(error).toMatchObject({ kind: "exhausted", code: "plan_limit_reached", params: { limit: "1" }, cause });
  });

  it("shows only its code as the message, so that nothing internal can reach a person through it", () => {
    expect(new DomainError("unavailable", "ai_timeout", { cause: new Error("key=secret") }).message).toBe("ai_timeout");
  });
});
