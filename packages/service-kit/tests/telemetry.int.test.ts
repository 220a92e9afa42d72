import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { collector } from "./support/collector.ts";
import { runProgram } from "./support/run-program.ts";

const TOKEN = "7312345678:AAH9canaryCanaryCanaryCanary_canary-9";
const KEY = "AIzaSyCanaryCanaryCanaryCanaryCanary123";
const SERVER = 2;
const CLIENT = 3;

let otlp: Awaited<ReturnType<typeof collector>>;
let output: string;
let metrics: string;

beforeAll(async () => {
  otlp = await collector();
  const program = runProgram("tracing", {
    CANARY_TOKEN: TOKEN,
    CANARY_KEY: KEY,
    OTEL_EXPORTER_OTLP_ENDPOINT: otlp.url,
    OTEL_SERVICE_NAME: "bots",
  });
  const { admin } = JSON.parse(await program.said('"ready"'));
  metrics = await (await fetch(`http://127.0.0.1:${admin}/metrics`)).text();
  program.kill("SIGTERM");
  expect(await program.ended()).toBe(0);
  output = program.text();
});
afterAll(() => otlp.stop());

const spans = (kind: number) => otlp.spans().filter((span) => span.kind === kind);
const turn = () => otlp.spans().find(({ name }) => name === "turn");

describe("a service started with an OTLP endpoint", () => {
  it("sends its spans before it ends, under its name", () => {
    expect(turn()).toBeDefined();
    expect(otlp.text()).toContain('{"key":"service.name","value":{"stringValue":"bots"}}');
  });

  it("shows calls by node:http and by fetch below the span that made them, though modules are ESM", () => {
    expect(spans(CLIENT).map(({ parentSpanId }) => parentSpanId)).toEqual([turn()?.spanId, turn()?.spanId]);
  });

  it("shows what it serves over HTTP, in the caller's trace, and no probes", () => {
    expect(spans(SERVER).map(({ traceId }) => traceId)).toEqual([turn()?.traceId, turn()?.traceId]);
  });

  it("lets no token and no key out, in spans or in logs", () => {
    for (const text of [otlp.text(), output]) {
      expect(text).toContain("[redacted]");
      expect(text.toLowerCase()).not.toContain("canarycanary");
    }
  });

  it("writes the trace's id into its log", () => {
    const line = output.split("\n").find((text) => text.includes('"inside"')) ?? "{}";
    expect(JSON.parse(line).trace_id).toBe(turn()?.traceId);
  });

  it("shows metrics for Prometheus", () => {
    expect(metrics).toMatch(/^process_resident_memory_bytes\S* \d+/m);
    expect(metrics).toMatch(/^process_cpu_seconds_total\S* [\d.]+/m);
    expect(metrics).toContain('service_name="bots"');
    expect(metrics).toMatch(/^botfactory_ready\S* 1$/m);
  });

  it("counts by counters that were made while their modules were loaded", () => {
    expect(metrics).toMatch(/^counted_at_import_total\S* 1$/m);
  });
});

describe("a service started without one", () => {
  it("sends nothing and still shows metrics", async () => {
    const before = otlp.spans().length;
    const program = runProgram("tracing", { OTEL_SERVICE_NAME: "bots" });
    const { admin } = JSON.parse(await program.said('"ready"'));
    const shown = await (await fetch(`http://127.0.0.1:${admin}/metrics`)).text();
    program.kill("SIGTERM");
    expect(await program.ended()).toBe(0);
    expect(shown).toContain("process_resident_memory_bytes");
    expect(shown).toMatch(/^counted_at_import_total\S* 1$/m);
    expect(otlp.spans().length).toBe(before);
  });
});
