import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { trace } from "@opentelemetry/api";
import { NodeSDK, tracing } from "@opentelemetry/sdk-node";
import { inSpan } from "./in-span.ts";
import { createLogger, type Logger } from "./logger.ts";

const TOKEN = "7312345678:AAH9canaryCanaryCanaryCanary_canary-9";
const KEY = "AIzaSyCanaryCanaryCanaryCanaryCanary123";

/** A logger and the lines it wrote. */
function logging() {
  const lines: string[] = [];
  const logger = createLogger("bots", "trace", { write: (line) => void lines.push(line) });
  return { logger, text: () => lines.join(""), parsed: () => lines.map((line) => JSON.parse(line)) };
}

/** The errors grammY throws: the URL with the token sits in the error inside the error. */
class HttpError extends Error {
  override readonly name = "HttpError";
  readonly error: unknown;
  constructor(message: string, error: unknown) {
    super(message);
    this.error = error;
  }
}
const fetchError = () =>
  new Error(`request to https://api.telegram.org/bot${TOKEN}/getMe failed, reason: ECONNREFUSED`);

describe("a logger", () => {
  it.each<[string, (log: ReturnType<typeof logging>["logger"]) => void]>([
    ["in the message", (log) => log.info(`using ${TOKEN} and ${KEY}`)],
    ["in a formatted argument", (log) => log.info("using %s and %o", TOKEN, { key: KEY })],
    ["in a URL", (log) => log.info({ url: `https://api.telegram.org/file/bot${TOKEN}/a.jpg` }, "fetched")],
    ["in an error's message and stack", (log) => log.error(fetchError())],
    [
      "in an error inside an error",
      (log) => log.error({ err: new HttpError("Network request failed", fetchError()) }, "send failed"),
    ],
    ["in an error's cause", (log) => log.error({ err: new Error("outer", { cause: fetchError() }) }, "send failed")],
    ["in an aggregate of errors", (log) => log.error(new AggregateError([fetchError()], "all failed"))],
    ["in an error under another name", (log) => log.error({ problem: new HttpError("x", fetchError()) }, "failed")],
    ["in a payload, deep down", (log) => log.warn({ a: { b: [{ c: { token: TOKEN, url: `?key=${KEY}` } }] } }, "odd")],
    ["in a child's bindings", (log) => log.child({ botToken: TOKEN }).info("hello")],
  ])("writes no token and no key %s", (_where, write) => {
    const { logger, text, parsed } = logging();
    write(logger);
    expect(text()).not.toContain("canary");
    expect(text()).not.toContain("Canary");
    expect(parsed()).toHaveLength(1);
  });

  it("still says what went wrong", () => {
    const { logger, parsed } = logging();
    logger.error({ err: new HttpError("Network request for 'getMe' failed!", fetchError()) }, "token check failed");
    expect(parsed()[0]).toMatchObject({
      level: "error",
      service: "bots",
      msg: "token check failed",
      err: { type: "HttpError", error: { message: expect.stringContaining("ECONNREFUSED") } },
    });
  });

  it("keeps to its level", () => {
    const lines: string[] = [];
    const logger = createLogger("bots", "warn", { write: (line) => void lines.push(line) });
    logger.info("no");
    logger.warn("yes");
    expect(lines).toHaveLength(1);
  });
});

describe("a line", () => {
  const sdk = new NodeSDK({
    spanProcessors: [new tracing.SimpleSpanProcessor(new tracing.InMemorySpanExporter())],
    metricReaders: [],
    instrumentations: [],
    autoDetectResources: false,
  });
  beforeAll(() => sdk.start());
  afterAll(() => sdk.shutdown());
  const idsOfActive = () => {
    const { traceId, spanId } = trace.getActiveSpan()?.spanContext() ?? {};
    return { trace_id: traceId, span_id: spanId };
  };

  it("carries the ids of the span that is active, also after a wait", async () => {
    const { logger, parsed } = logging();
    const ids = await inSpan("work", {}, async () => {
      await Promise.resolve();
      logger.info("inside");
      return idsOfActive();
    });
    expect(ids.trace_id).toMatch(/^[0-9a-f]{32}$/);
    expect(parsed()[0]).toMatchObject(ids);
  });

  it("carries none where none is active", () => {
    const { logger, parsed } = logging();
    logger.info("outside");
    for (const name of ["trace_id", "span_id"]) expect(parsed()[0]).not.toHaveProperty(name);
  });

  it.each([
    ["under err", (log: Logger, error: Error) => log.warn({ err: error }, "failed")],
    ["under error", (log: Logger, error: Error) => log.warn({ error }, "failed")],
    ["alone", (log: Logger, error: Error) => log.error(error)],
  ])("about an error %s carries the ids of the innermost span it came out of", async (_, write) => {
    const { logger, parsed } = logging();
    const error = new Error("boom");
    const ids: object[] = [];
    const inner = async () => {
      ids.push(idsOfActive());
      throw error;
    };
    await inSpan("outer", {}, () => inSpan("inner", {}, inner)).catch(() => undefined);
    write(logger, error);
    expect(parsed()[0]).toMatchObject(ids[0] ?? {});
  });

  it("about an error of one trace, written in another, belongs to the other", async () => {
    const { logger, parsed } = logging();
    const error = new Error("boom");
    await inSpan("first", {}, () => Promise.reject(error)).catch(() => undefined);
    const ids = await inSpan("second", {}, async () => {
      logger.warn({ err: error }, "failed");
      return idsOfActive();
    });
    expect(parsed()[0]).toMatchObject(ids);
  });
});
