import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { context, propagation, SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { W3CTraceContextPropagator } from "@opentelemetry/core";
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { headers } from "nats";
import { consumeSpan, linkTo, publishSpan } from "./spans.ts";
import { traceHeaders } from "./trace-context.ts";

const exporter = new InMemorySpanExporter();
const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });

beforeAll(() => {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  trace.setGlobalTracerProvider(provider);
});
afterAll(() => provider.shutdown());

function received(record: Record<string, string>) {
  const all = headers();
  for (const [name, value] of Object.entries(record)) all.set(name, value);
  return all;
}

describe("a message's trace", () => {
  it("goes on from who publishes to who processes, in one trace", async () => {
    exporter.reset();
    const sent = await publishSpan("UPDATES", async () => traceHeaders());
    await consumeSpan("UPDATES", received(sent), async () => undefined);
    const [publish, process] = exporter.getFinishedSpans();
    expect(publish).toMatchObject({
      name: "publish UPDATES",
      kind: SpanKind.PRODUCER,
      attributes: { "messaging.system": "nats", "messaging.operation.type": "send" },
    });
    expect(process).toMatchObject({
      name: "process UPDATES",
      kind: SpanKind.CONSUMER,
      attributes: { "messaging.destination.name": "UPDATES", "messaging.operation.type": "process" },
    });
    expect(process?.parentSpanContext?.spanId).toBe(publish?.spanContext().spanId);
    expect(process?.spanContext().traceId).toBe(publish?.spanContext().traceId);
    expect(linkTo(received(sent))?.context.spanId).toBe(publish?.spanContext().spanId);
  });

  it("starts anew for a message that carries none", async () => {
    exporter.reset();
    await consumeSpan("UPDATES", undefined, async () => undefined);
    await consumeSpan("UPDATES", headers(), async () => undefined);
    expect(exporter.getFinishedSpans().map(({ parentSpanContext }) => parentSpanContext)).toEqual([
      undefined,
      undefined,
    ]);
    expect(linkTo(headers())).toBeUndefined();
  });

  it("marks a failure by its class and keeps its words out", async () => {
    exporter.reset();
    const failing = publishSpan("UPDATES", async () => {
      throw new RangeError("chat 42 said hello");
    });
    await expect(failing).rejects.toThrow(RangeError);
    const [span] = exporter.getFinishedSpans();
    expect(span).toMatchObject({ status: { code: SpanStatusCode.ERROR }, attributes: { "error.type": "RangeError" } });
    expect(JSON.stringify([span?.name, span?.attributes, span?.events, span?.status])).not.toContain("42");
  });
});
