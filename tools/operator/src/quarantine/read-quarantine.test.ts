import { describe, expect, it } from "@jest/globals";
import { ErrorCode, NatsError } from "nats";
import { explained } from "./read-quarantine.ts";

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

describe("an answer that does not come", () => {
  it("because the user may not ask is one thing", () => {
    const violation = new NatsError("Permissions Violation for Publish", ErrorCode.PermissionsViolation);
    expect(messageOf(explained(violation))).toMatch(/may not read.*auditor/);
  });

  it("because NATS hangs is another", () => {
    const timedOut = explained(NatsError.errorForCode(ErrorCode.Timeout));
    expect(messageOf(timedOut)).toMatch(/did not answer in time.*doctor/);
    expect(messageOf(timedOut)).not.toMatch(/may not|auditor/);
  });

  it("for any other reason stays what it is", () => {
    const broken = new Error("broken");
    expect(explained(broken)).toBe(broken);
  });
});
