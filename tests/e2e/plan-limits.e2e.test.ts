import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { choosePlan } from "./support/bots.ts";
import type { ApiAnswer, Owner } from "./support/people.ts";
import { startTestStack, type TestStack } from "./support/test-stack.ts";

let stack: TestStack;

beforeAll(async () => {
  stack = await startTestStack({ replicas: { bots: 2 } });
}, 120_000);
afterAll(() => stack.stop(), 60_000);

function create(owner: Owner, telegramToken: string): Promise<ApiAnswer> {
  return owner.call("POST", "/bots", {
    name: "Race",
    description: "",
    language: "en",
    platform: "telegram",
    systemPrompt: "You are fast.",
    telegramToken,
  });
}

/** How often each answer came. */
function counted(answers: readonly ApiAnswer[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { status, body } of answers) {
    const name = status === 201 ? "created" : String(body["code"]);
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

describe("fifty parallel creates on the free plan", () => {
  it("make exactly one bot and forty-nine refusals that name the plan's limit", async () => {
    const boris = await stack.people.owner("boris");
    const tokens = await Promise.all(Array.from({ length: 50 }, async () => (await stack.telegram.createBot()).token));
    const answers = await Promise.all(tokens.map((token) => create(boris, token)));
    expect(counted(answers)).toEqual({ created: 1, plan_limit_reached: 49 });
    expect((await boris.call<{ bots: unknown[] }>("GET", "/bots")).body.bots).toHaveLength(1);
    expect((await boris.call<{ usage: { bots: number } }>("GET", "/me")).body.usage.bots).toBe(1);
  }, 60_000);
});

// Twenty owners at once are shown in services/bots/tests; here are the three people of the demo realm, seven times each.
describe("one token by several owners at once", () => {
  it("becomes exactly one bot of exactly one of them", async () => {
    const owners = await Promise.all(["aziza", "boris", "admin"].map((name) => stack.people.owner(name)));
    for (const owner of owners) await choosePlan(stack, owner, "premium");
    const { token } = await stack.telegram.createBot();
    const sevenTimes = Array.from({ length: 7 }, () => owners).flat();
    const answers = await Promise.all(sevenTimes.map((owner) => create(owner, token)));
    expect(counted(answers)).toEqual({ created: 1, token_taken: 20 });
  }, 60_000);
});
