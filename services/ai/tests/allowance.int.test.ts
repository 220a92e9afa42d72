import { ensureStream } from "@botfactory/event-store";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { QUOTAS_STREAM } from "../src/ledgers.ts";
import { fails } from "./gemini-script.ts";
import { type Asked, answer, request, type Stage, stage, until } from "./stage.ts";

let scene: Stage;
beforeAll(async () => {
  scene = await stage();
  // As a version without allowances has left it.
  await ensureStream(scene.nats, { ...QUOTAS_STREAM, subjects: ["quotas.*.*"] });
});
beforeEach(() => scene.google.reset());
afterAll(() => scene.close());

async function processes(count: number) {
  const all = [];
  for (let started = 0; started < count; started++) all.push(scene.client(await scene.start({ GEMINI_RPM: 1_000 })));
  return all;
}

type Asking = ReturnType<Stage["client"]>;
const outcomeOf = (asking: Asking, more: Asked) =>
  answer(asking.generate(request(more))).then(
    () => "answered",
    (error) => error,
  );

describe("an owner whose plan allows 5 messages a day", () => {
  it("gets exactly 5 of 60 that are asked for at once on 3 processes and for two models", async () => {
    const asking = await processes(3);
    const outcomes = await Promise.all(
      Array.from({ length: 60 }, (_, index) => {
        const one = asking[index % 3];
        if (one === undefined) throw new Error("no process");
        return outcomeOf(one, { ownerId: "ada", messagesADay: 5, model: index % 2 === 0 ? "one" : "two" });
      }),
    );
    expect(outcomes.filter((outcome) => outcome === "answered")).toHaveLength(5);
    expect(scene.google.seen).toHaveLength(5);
    const [refused] = outcomes.filter((outcome) => outcome !== "answered");
    expect(refused).toMatchObject({ code: "owner_allowance_spent", params: { limit: "5" } });
    const renewed = new Date(Number(refused.params.retry_at_unix_ms));
    expect(renewed.toLocaleTimeString("en-GB", { timeZone: "America/Los_Angeles" })).toBe("00:00:00");
    for (const one of asking) {
      expect(await one.getUsage({}, { as: "owner-ada" })).toMatchObject({ messages: 5 });
      expect(await outcomeOf(one, { ownerId: "bob", messagesADay: 5 })).toBe("answered");
    }
  }, 60_000);

  it("pays once for a message however often it is tried, and nothing for one Gemini failed at", async () => {
    const [asking] = await processes(1);
    if (asking === undefined) throw new Error("no process");
    const ask = (chargeKey: string) => outcomeOf(asking, { ownerId: "eva", messagesADay: 2, chargeKey });
    expect(await ask("bot:1")).toBe("answered");
    expect(await ask("bot:1")).toBe("answered");
    scene.google.next(fails(404, "NOT_FOUND"));
    expect(await ask("bot:2")).toMatchObject({ code: "ai_request_refused" });
    await until(async () => (await asking.getUsage({}, { as: "owner-eva" })).messages === 1);
    expect(await ask("bot:3")).toBe("answered");
    expect(await ask("bot:4")).toMatchObject({ code: "owner_allowance_spent" });
    expect(await ask("bot:3")).toBe("answered");
  }, 60_000);

  it("has no more of it after all processes were started anew", async () => {
    const [asking] = await processes(1);
    if (asking === undefined) throw new Error("no process");
    const ask = () => outcomeOf(asking, { ownerId: "eva", messagesADay: 2 });
    expect(await ask()).toMatchObject({ code: "owner_allowance_spent" });
  });
});
