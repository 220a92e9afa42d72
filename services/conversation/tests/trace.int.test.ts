import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { SpanKind, trace } from "@opentelemetry/api";
import { NodeSDK, tracing } from "@opentelemetry/sdk-node";
import { type Stage, stage, until } from "./stage.ts";

const spans = new tracing.InMemorySpanExporter();
const sdk = new NodeSDK({
  spanProcessors: [new tracing.SimpleSpanProcessor(spans)],
  metricReaders: [],
  instrumentations: [],
  autoDetectResources: false,
});
let set: Stage;

beforeAll(async () => {
  sdk.start();
  set = await stage();
});
afterAll(async () => {
  await set.close();
  await sdk.shutdown();
});

describe("one message", () => {
  it("is one trace from the stored update over the model to Telegram, without words or tokens in it", async () => {
    await set.start();
    const bot = await set.newBot();
    const webhook = trace.getTracer("test").startActiveSpan("webhook", (span) => {
      const said = set.say(bot, 5, "my secret words").finally(() => span.end());
      return { said, context: span.spanContext() };
    });
    await webhook.said;
    await set.replies(bot, 5, 1);
    const mine = () => spans.getFinishedSpans().filter((one) => one.spanContext().traceId === webhook.context.traceId);
    await until(() => mine().some(({ name }) => name === "process UPDATES"));
    const names = mine().map(({ name, kind }) => [name, kind]);
    expect(names).toEqual(
      expect.arrayContaining([
        ["process UPDATES", SpanKind.CONSUMER],
        ["botfactory.ai.v1.AiService/Generate", SpanKind.CLIENT],
        ["botfactory.ai.v1.AiService/Generate", SpanKind.SERVER],
        ["publish CONVERSATIONS", SpanKind.PRODUCER],
        ["telegram sendMessage", SpanKind.CLIENT],
      ]),
    );
    const processed = mine().find(({ name }) => name === "process UPDATES");
    expect(processed?.parentSpanContext?.spanId).toBe(webhook.context.spanId);
    const everything = JSON.stringify(
      spans.getFinishedSpans().map(({ name, attributes, events, status }) => ({ name, attributes, events, status })),
    );
    for (const secret of ["secret words", bot.token.slice(-20)]) expect(everything).not.toContain(secret);
  });
});
