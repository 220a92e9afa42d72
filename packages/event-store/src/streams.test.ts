import { describe, expect, it } from "@jest/globals";
import { ErrorCode, NatsError } from "nats";
import { provisioning } from "./provisioned.ts";
import { whenLogAnswers } from "./streams.ts";

/** How often a log that answers so was asked before it was given up, within some time. */
async function asked(code: ErrorCode): Promise<number> {
  let times = 0;
  const ask = () => {
    times += 1;
    return Promise.reject(new NatsError("no", code));
  };
  await expect(whenLogAnswers(300, ask)).rejects.toMatchObject({ code });
  return times;
}

describe("waiting for a log", () => {
  it("asks again while something is not provisioned yet, and then says what", async () => {
    let times = 0;
    const ask = () => {
      times += 1;
      return provisioning("stream X", () => Promise.reject(new NatsError("no", ErrorCode.PermissionsViolation)));
    };
    await expect(whenLogAnswers(300, ask)).rejects.toThrow(/^stream X .* run the provisioning programs/);
    expect(times).toBeGreaterThan(1);
  });

  it.each([ErrorCode.PermissionsViolation, ErrorCode.AuthorizationViolation])(
    "ends where it says no for good: %s",
    async (code) => expect(await asked(code)).toBe(1),
  );
});
