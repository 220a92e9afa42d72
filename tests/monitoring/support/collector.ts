import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { freePort } from "@botfactory/infrastructure";
import { stringify } from "yaml";
import { type CollectedSpan, spansIn } from "../../e2e/support/otlp-collector.ts";
import { startTool } from "./running-tool.ts";

const TRACES = "traces.json";

export type Collector = Awaited<ReturnType<typeof startCollector>>;

/** OpenTelemetry's own collector, which writes every span it takes into a file. */
export async function startCollector() {
  const [http, grpc] = [await freePort(), await freePort()];
  const tool = await startTool({
    name: "otel-collector",
    async argsIn(folder) {
      await writeFile(join(folder, "collector.yaml"), stringify(configFor(http, grpc)));
      return ["--config=file:collector.yaml"];
    },
    // It answers a GET by 405, as soon as it listens.
    isReady: async () => (await fetch(`http://127.0.0.1:${http}/v1/traces`)).status === 405,
  });
  const text = () => readFile(join(tool.folder, TRACES), "utf8").catch(() => "");
  return {
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${http}`, OTEL_BSP_SCHEDULE_DELAY: "100" },
    stop: tool.stop,
    /** Everything it wrote. */
    text,
    said: tool.said,
    async spans(): Promise<readonly CollectedSpan[]> {
      return spansIn((await text()).split("\n").slice(0, -1));
    },
  };
}

function configFor(http: number, grpc: number) {
  return {
    receivers: {
      otlp: {
        protocols: { http: { endpoint: `127.0.0.1:${http}` }, grpc: { endpoint: `127.0.0.1:${grpc}` } },
      },
    },
    exporters: { file: { path: TRACES, format: "json", flush_interval: "100ms" } },
    service: {
      telemetry: { metrics: { level: "none" } },
      pipelines: { traces: { receivers: ["otlp"], exporters: ["file"] } },
    },
  };
}
