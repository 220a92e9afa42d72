import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type ConnectedBot, connectBot } from "./support/bots.ts";
import { startTestStack, type TestStack } from "./support/test-stack.ts";
import { until } from "./support/until.ts";

const CHAT = 424_242_001;

let stack: TestStack;
let bot: ConnectedBot;

beforeAll(async () => {
  stack = await startTestStack({ env: { GEMINI_RPM: "60", GEMINI_RPD: "1500" } });
  bot = await connectBot(stack, await stack.people.owner("aziza"));
  await stack.telegram.user(CHAT).send(bot.telegramId, "What does the orange umbrella cost?");
  await stack.telegram.waitForReply({ botId: bot.telegramId, chatId: CHAT });
  await stack.model.script({ kind: "safety", times: 1 });
  await stack.telegram.user(CHAT).send(bot.telegramId, "And something wicked?");
  await stack.telegram.waitForReply({ botId: bot.telegramId, chatId: CHAT, count: 2 });
}, 120_000);
afterAll(() => stack.stop(), 60_000);

/** What a service shows a scraper. */
async function shown(name: string): Promise<string> {
  const process = stack.processes.find((one) => one.name === name);
  return (await fetch(`http://127.0.0.1:${process?.adminPort}/metrics`)).text();
}

/** Of one metric, the value whose labels have all of these. */
function sample(text: string, metric: string, labels: Readonly<Record<string, string>> = {}): number | undefined {
  const line = text
    .split("\n")
    .filter((one) => one.startsWith(`${metric}{`) || one.startsWith(`${metric} `))
    .find((one) => Object.entries(labels).every(([name, value]) => one.includes(`${name}="${value}"`)));
  return line === undefined ? undefined : Number(line.split(" ").at(-1));
}

describe("what an operator sees at /metrics", () => {
  it("is what became of posts, and of turns with the cause of each refusal", async () => {
    expect(sample(await shown("ingress"), "botfactory_ingress_updates_total", { outcome: "stored" })).toBe(2);
    const turns = "botfactory_conversation_turns_total";
    await until("both turns are counted", async () => {
      const text = await shown("conversation");
      const refused = sample(text, turns, { outcome: "refused", cause: "ai_blocked" });
      return sample(text, turns, { outcome: "sent" }) === 1 && refused === 1;
    });
  });

  it("is how long people wait, and how many do", async () => {
    const text = await shown("conversation");
    expect(sample(text, "botfactory_conversation_turn_duration_count")).toBe(2);
    expect(sample(text, "botfactory_conversation_turn_duration_sum")).toBeLessThan(60);
    await until("nothing waits", async () => {
      const now = await shown("conversation");
      const left = ["waiting", "held"].map((what) => sample(now, `botfactory_conversation_updates_${what}`));
      return left.every((count) => count === 0);
    });
  });

  it("is what the model took, cost and refused, and what is left of its quota", async () => {
    const text = await shown("ai");
    expect(sample(text, "gen_ai_client_operation_duration_count", { error_type: "blocked" })).toBe(1);
    expect(sample(text, "gen_ai_client_token_usage_count", { gen_ai_token_type: "output" })).toBe(1);
    expect(sample(text, "botfactory_ai_quota_free", { window: "minute" })).toBe(58);
    expect(sample(text, "botfactory_ai_quota_free", { window: "day" })).toBe(1_498);
  });

  it("is how full the log's store is, as every service that asks NATS has seen it last", async () => {
    for (const name of ["ingress", "bots", "conversation", "ai"]) {
      const text = await shown(name);
      const [bytes = -1, limit = 0] = ["", "_limit"].map((of) => sample(text, `botfactory_log_store${of}_bytes`));
      // It asks at the start and every minute, so what was stored since need not be in it.
      expect(bytes).toBeGreaterThanOrEqual(0);
      expect(limit).toBeGreaterThan(bytes);
    }
  });

  it("is how sign-ins ended", async () => {
    const text = await shown("web");
    const counts = ["completed", "refused", "unavailable"].map((outcome) =>
      sample(text, "botfactory_web_sign_ins_total", { outcome }),
    );
    expect(counts).toEqual([expect.any(Number), 0, 0]);
  });

  it("names no bot, no chat, no person and no token", async () => {
    for (const { name } of stack.processes) {
      const text = await shown(name);
      for (const secret of [bot.id, String(bot.telegramId), bot.token, bot.username, String(CHAT)])
        expect(text).not.toContain(secret);
    }
  });
});
