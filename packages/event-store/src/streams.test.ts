import { afterEach, describe, expect, it, jest } from "@jest/globals";
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

  it("gives the provisioning programs their minute after the log came back, however long it was away", async () => {
    jest.useFakeTimers();
    const begun = Date.now();
    const ask = async () => {
      const error = Date.now() < begun + 90_000 ? ErrorCode.Timeout : ErrorCode.PermissionsViolation;
      if (Date.now() < begun + 120_000)
        await provisioning("stream X", () => Promise.reject(new NatsError("no", error)));
      return "there";
    };
    const waited = whenLogAnswers(Number.POSITIVE_INFINITY, ask).catch(String);
    await jest.advanceTimersByTimeAsync(125_000);
    await expect(waited).resolves.toBe("there");
  });
  afterEach(() => void jest.useRealTimers());

  it.each([ErrorCode.PermissionsViolation, ErrorCode.AuthorizationViolation])(
    "ends where it says no for good: %s",
    async (code) => expect(await asked(code)).toBe(1),
  );
});
