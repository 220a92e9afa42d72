import { setInterval } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { parts, type Rpc, refusalOf, rpc } from "./support/rpc.ts";
import { startTestStack, type TestStack } from "./support/test-stack.ts";

const LIMIT = 60;
const WINDOW_MS = 60_000;
// Long enough to see the first calls leave the window and others take their places.
const RUN_MS = 68_000;

let stack: TestStack;
let replicas: readonly Rpc[];
let asked = 0;

beforeAll(async () => {
  stack = await startTestStack({ replicas: { ai: 3 } });
  replicas = [0, 1, 2].map((replica) => rpc(stack, { service: "conversation", replica }));
}, 120_000);
afterAll(async () => {
  for (const replica of replicas) replica.close();
  await stack.stop();
}, 60_000);

/** One question, to each process in turn; resolves with how it was refused, or with "answered". */
function ask(deadlineMs: number): Promise<string> {
  const number = asked++;
  const replica = replicas[number % replicas.length];
  const request = { ownerId: "owner", botId: "bot", chargeKey: `bot:${number}`, text: `Question ${number}` };
  if (replica === undefined) throw new Error("there should be three ai processes");
  return refusalOf(parts(replica.ai.generate(request, { deadlineMs })));
}

describe("three hundred calls at once on three ai processes, sixty a minute", () => {
  it("are never more than sixty within any sixty seconds at Gemini, and use what there is", async () => {
    const end = Date.now() + RUN_MS;
    const calls = Array.from({ length: 300 }, () => ask(RUN_MS));
    const first = await Promise.all(calls);
    for await (const _ of setInterval(250)) {
      if (Date.now() > end) break;
      calls.push(ask(end + 2_000 - Date.now()));
    }
    const outcomes = await Promise.all(calls);

    const times = (await stack.model.requests()).map(({ at }) => at).sort((one, other) => one - other);
    const sixtyLater = times.slice(LIMIT).map((time, index) => time - (times[index] ?? 0));
    const answered = outcomes.filter((outcome) => outcome === "answered").length;
    process.stderr.write(
      `  ${asked} calls: ${answered} answered, ${first.filter((outcome) => outcome === "answered").length} of the first 300;` +
        ` the 61st came ${Math.min(...sixtyLater)} ms after the 1st at the soonest\n`,
    );
    expect(new Set(outcomes)).toEqual(new Set(["answered", "ai_rate_minute"]));
    expect(times).toHaveLength(answered);
    expect(first.filter((outcome) => outcome === "answered").length).toBeGreaterThanOrEqual(50);
    expect(sixtyLater.length).toBeGreaterThan(0);
    for (const ms of sixtyLater) expect(ms).toBeGreaterThanOrEqual(WINDOW_MS);
  }, 120_000);
});
