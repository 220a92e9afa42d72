import { DomainError } from "@botfactory/decider";
import { LogDamaged } from "@botfactory/event-store";
import { createLogger } from "@botfactory/service-kit";
import { describe, expect, it } from "@jest/globals";
import { NatsError } from "nats";
import { NO_SETBACKS, type Setbacks, steadfast } from "./steadfast-work.ts";

const place = { botId: "bot", chatKey: "chat" };
const logger = createLogger("test", "silent");

function failing(error: unknown) {
  const setAside: number[] = [];
  const quarantine = async (_: unknown, attempts: number) => void setAside.push(attempts);
  return { setAside, attempt: steadfast({ work: () => Promise.reject(error), quarantine, logger }) };
}

const failed = (failures: number): Setbacks => ({ failures, outages: 0 });

describe("work on a chat", () => {
  it.each([
    ["bots or ai is away", new DomainError("unavailable", "unavailable")],
    ["they do not let us in", new DomainError("forbidden", "forbidden")],
    ["the log is away", new NatsError("timeout", "TIMEOUT")],
  ])("is tried for ever while %s, at most ten seconds apart", async (_, error) => {
    const { attempt, setAside } = failing(error);
    for (const outages of [0, 5, 50]) {
      const outcome = await attempt(place, { failures: 4, outages });
      expect(outcome).toMatchObject({ kind: "later", setbacks: { failures: 4, outages: outages + 1 } });
      expect(outcome.kind === "later" ? outcome.ms : Number.NaN).toBeLessThanOrEqual(10_000);
    }
    expect(setAside).toEqual([]);
  });

  it("is set aside when it fails for the fifth time for a reason of its own, and the chat goes on", async () => {
    const { attempt, setAside } = failing(new TypeError("boom"));
    for (const failures of [0, 1, 2, 3]) {
      expect(await attempt(place, failed(failures))).toMatchObject({ setbacks: failed(failures + 1) });
    }
    expect(setAside).toEqual([]);
    expect(await attempt(place, failed(4))).toEqual({ kind: "later", ms: 0, setbacks: NO_SETBACKS });
    expect(setAside).toEqual([5]);
  });

  it("is not set aside at its first failure after a long outage", async () => {
    const { attempt, setAside } = failing(new TypeError("boom"));
    expect(await attempt(place, { failures: 0, outages: 50 })).toEqual({ kind: "later", ms: 200, setbacks: failed(1) });
    expect(setAside).toEqual([]);
  });

  it("waits where the log is damaged, and nothing is set aside", async () => {
    const { attempt, setAside } = failing(new LogDamaged({ stream: "CONVERSATIONS", reason: "missing" }));
    expect(await attempt(place, failed(4))).toEqual({ kind: "later", ms: 30_000, setbacks: failed(4) });
    expect(setAside).toEqual([]);
  });

  it("that could not be set aside is tried again later", async () => {
    const quarantine = () => Promise.reject(new Error("no stream"));
    const attempt = steadfast({ work: () => Promise.reject(new Error("boom")), quarantine, logger });
    expect(await attempt(place, failed(4))).toEqual({ kind: "later", ms: 10_000, setbacks: failed(5) });
  });
});
