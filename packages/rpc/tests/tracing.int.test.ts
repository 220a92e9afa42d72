import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { SpanKind, SpanStatusCode, trace } from "@opentelemetry/api";
import { NodeSDK, tracing } from "@opentelemetry/sdk-node";
import { echoing, echoServer, errorOf, failing, refusal } from "./support/echo.ts";

const spans = new tracing.InMemorySpanExporter();
const sdk = new NodeSDK({
  spanProcessors: [new tracing.SimpleSpanProcessor(spans)],
  metricReaders: [],
  instrumentations: [],
  autoDetectResources: false,
});

beforeAll(() => sdk.start());
afterEach(() => spans.reset());
afterAll(() => sdk.shutdown());

const tracer = trace.getTracer("test");
const named = (name: string, kind: SpanKind) =>
  spans
    .getFinishedSpans()
    .find((span) => span.name === `botfactory.rpctest.v1.EchoService/${name}` && span.kind === kind);

describe("the trace of a call", () => {
  it("goes from the caller's span over client and server to what the handler starts", async () => {
    const methods = {
      ...echoing(),
      echo: async () => {
        tracer.startSpan("in the handler").end();
        return { text: "done" };
      },
    };
    const server = await echoServer({ methods });
    const outer = await tracer.startActiveSpan("outer", async (span) => {
      await server.web.echo({});
      span.end();
      return span.spanContext();
    });
    await server.stop();
    const [client, handled] = [named("Echo", SpanKind.CLIENT), named("Echo", SpanKind.SERVER)];
    const inner = spans.getFinishedSpans().find(({ name }) => name === "in the handler");
    expect(client?.parentSpanContext?.spanId).toBe(outer.spanId);
    expect(handled?.parentSpanContext?.spanId).toBe(client?.spanContext().spanId);
    expect(inner?.parentSpanContext?.spanId).toBe(handled?.spanContext().spanId);
    expect(inner?.spanContext().traceId).toBe(outer.traceId);
    expect(client?.attributes).toEqual({
      "rpc.system": "grpc",
      "rpc.service": "botfactory.rpctest.v1.EchoService",
      "rpc.method": "Echo",
      "rpc.grpc.status_code": 0,
    });
  });

  it("covers a stream until its last message", async () => {
    const methods = {
      ...echoing(),
      async *count() {
        yield { number: 1 };
        tracer.startSpan("between messages").end();
        yield { number: 2 };
      },
    };
    const server = await echoServer({ methods, allow: { echo: [], echoAgain: [], count: ["web"] } });
    for await (const _ of server.web.count({})) expect(named("Count", SpanKind.CLIENT)).toBeUndefined();
    await server.stop();
    const between = spans.getFinishedSpans().find(({ name }) => name === "between messages");
    const handled = named("Count", SpanKind.SERVER);
    expect(between?.parentSpanContext?.spanId).toBe(handled?.spanContext().spanId);
    expect(handled?.parentSpanContext?.spanId).toBe(named("Count", SpanKind.CLIENT)?.spanContext().spanId);
  });

  it("marks a crash on both sides, its cause on the server's only", async () => {
    const server = await echoServer({ methods: failing(new Error("the disk is full")) });
    await errorOf(server.web.echo({}));
    await server.stop();
    const [client, handled] = [named("Echo", SpanKind.CLIENT), named("Echo", SpanKind.SERVER)];
    expect([client?.status.code, handled?.status.code]).toEqual([SpanStatusCode.ERROR, SpanStatusCode.ERROR]);
    expect(JSON.stringify(handled?.events)).toContain("the disk is full");
    expect(JSON.stringify(client?.events)).not.toContain("the disk is full");
  });

  it.each([
    ["a call was answered", echoing()],
    ["a call was refused", failing(refusal)],
    ["a call crashed", failing(new Error("boom"))],
  ])("holds the line that %s", async (message, methods) => {
    const server = await echoServer({ methods });
    await server.web.echo({}).catch(() => undefined);
    await server.stop();
    const handled = named("Echo", SpanKind.SERVER);
    expect(server.logger.lines).toEqual([{ message, spanId: handled?.spanContext().spanId }]);
  });

  it("ends the span of a stream its reader leaves", async () => {
    const server = await echoServer({ allow: { echo: [], echoAgain: [], count: ["web"] } });
    for await (const _ of server.web.count({ times: 1_000 })) break;
    await server.stop();
    expect(named("Count", SpanKind.CLIENT)).toBeDefined();
  });
});
