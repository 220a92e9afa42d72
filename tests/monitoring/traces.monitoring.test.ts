import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { CollectedSpan } from "../e2e/support/otlp-collector.ts";
import { startTestStack, type TestStack } from "../e2e/support/test-stack.ts";
import { until } from "../e2e/support/until.ts";
import { type Collector, startCollector } from "./support/collector.ts";
import { playScene, type Scene, WORDS } from "./support/scene.ts";

const WEBHOOK = "POST /telegram/webhook/{botId}";
const [CLIENT, PRODUCER, CONSUMER] = [3, 4, 5];

let collector: Collector;
let stack: TestStack;
let scene: Scene;
let trace: readonly CollectedSpan[];

beforeAll(async () => {
  collector = await startCollector();
  stack = await startTestStack({ env: collector.env });
  scene = await playScene(stack);
  trace = await until("the trace of the first message", async () => {
    const spans = await collector.spans();
    const root = spans.find(({ name }) => name === WEBHOOK);
    const mine = spans.filter(({ traceId }) => traceId === root?.traceId);
    return mine.filter(({ name }) => name === "publish CONVERSATIONS").length === 3 && isWhole(mine) && mine;
  });
}, 180_000);
afterAll(async () => {
  await stack?.stop();
  await collector?.stop();
}, 60_000);

const isWhole = (spans: readonly CollectedSpan[]) =>
  spans.every(({ parentSpanId }) => !parentSpanId || spans.some(({ spanId }) => spanId === parentSpanId));

/** The one span of a name, its attributes as plain values. */
function attributesOf(name: string, kind: number): Readonly<Record<string, unknown>> {
  const found = trace.filter((span) => span.name === name && span.kind === kind);
  expect(found).toHaveLength(1);
  return Object.fromEntries((found[0]?.attributes ?? []).map(({ key, value }) => [key, Object.values(value)[0]]));
}

describe("OpenTelemetry's collector", () => {
  it("has one trace from the webhook to the reply, over four services", () => {
    expect([...new Set(trace.map(({ service }) => service))].sort()).toEqual(["ai", "bots", "conversation", "ingress"]);
    expect(trace.filter(({ parentSpanId }) => !parentSpanId).map(({ name }) => name)).toEqual([WEBHOOK]);
    expect(trace.map(({ name }) => name)).toContain("telegram sendMessage");
  });

  it("has the console's requests too", async () => {
    const services = (await collector.spans()).map(({ service }) => service);
    expect(services).toContain("web");
  });

  it("sees the log as its conventions name messaging", () => {
    const stream = { "messaging.system": "nats", "messaging.destination.name": "UPDATES" };
    expect(attributesOf("publish UPDATES", PRODUCER)).toMatchObject({ ...stream, "messaging.operation.type": "send" });
    expect(attributesOf("process UPDATES", CONSUMER)).toMatchObject({
      ...stream,
      "messaging.operation.type": "process",
    });
  });

  it("sees the model as its conventions name generative AI", () => {
    const { name = "" } = trace.find((span) => span.name.startsWith("chat ")) ?? {};
    const attributes = attributesOf(name, CLIENT);
    expect(attributes).toMatchObject({
      "gen_ai.operation.name": "chat",
      "gen_ai.provider.name": "gcp.gemini",
      "gen_ai.request.model": name.slice("chat ".length),
      "gen_ai.response.model": expect.any(String),
    });
    for (const kind of ["input", "output"])
      expect(Number(attributes[`gen_ai.usage.${kind}_tokens`])).toBeGreaterThan(0);
  });

  it("was given nobody's words and no secret", async () => {
    const written = await collector.text();
    const { bot, webhookSecret } = scene;
    for (const secret of [
      WORDS,
      "You are a helpful assistant.",
      bot.token,
      bot.token.split(":")[1] ?? "",
      webhookSecret,
    ])
      expect(written).not.toContain(secret);
  });

  it("had nothing to complain about", () => {
    expect(collector.said()).not.toMatch(/\b(error|warn|dropp?ed|refused)\b/i);
  });
});
