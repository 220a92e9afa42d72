import { createLogger } from "@botfactory/service-kit";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { NodeSDK, tracing } from "@opentelemetry/sdk-node";
import { headers } from "nats";
import { NO_SETBACKS, steadfast } from "./steadfast-work.ts";
import { inTraceOf } from "./waiting-updates.ts";

const TRACE = "0af7651916cd43dd8448eb211c80319c";
const spans = new tracing.InMemorySpanExporter();
const sdk = new NodeSDK({
  spanProcessors: [new tracing.SimpleSpanProcessor(spans)],
  metricReaders: [],
  instrumentations: [],
  autoDetectResources: false,
});
beforeAll(() => sdk.start());
afterAll(() => sdk.shutdown());

/** The headers ingress stored an update with. */
const stored = headers();
stored.set("traceparent", `00-${TRACE}-b7ad6b7169203331-01`);
const queue = {
  waiting: async () => [],
  isEmptyAfter: async () => true,
  at: async () => undefined,
  headersAt: async () => stored,
};

describe("what a turn throws", () => {
  it("is logged in the trace of its update, though it is judged after the trace's span has ended", async () => {
    const lines: string[] = [];
    const logger = createLogger("conversation", "info", { write: (line) => void lines.push(line) });
    const work = () => inTraceOf(queue, 1n, () => Promise.reject(new TypeError("boom")));
    const attempt = steadfast({ work, quarantine: async () => undefined, logger });
    await attempt({ botId: "bot", chatKey: "chat" }, NO_SETBACKS);
    const [span] = spans.getFinishedSpans();
    expect(span?.spanContext().traceId).toBe(TRACE);
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({ msg: "a turn failed", trace_id: TRACE, span_id: span?.spanContext().spanId }),
    ]);
  });
});
