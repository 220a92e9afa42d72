import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { freePort } from "@botfactory/infrastructure";
import { stringify } from "yaml";
import { z } from "zod";
import type { TestStack } from "../../e2e/support/test-stack.ts";
import { alerts, RELEASE } from "./queries.ts";
import { writeRules } from "./rules-file.ts";
import { startTool } from "./running-tool.ts";

const answer = z.object({
  status: z.string(),
  data: z.unknown(),
  error: z.string().optional(),
  warnings: z.array(z.string()).default([]),
  infos: z.array(z.string()).default([]),
});

/** What Prometheus' HTTP API says to a question. */
export type Answer = z.output<typeof answer>;

export type Prometheus = Awaited<ReturnType<typeof startPrometheus>>;

/** Prometheus itself, scraping the stack's processes under the labels the chart's ServiceMonitor gives them. */
export async function startPrometheus(stack: Pick<TestStack, "processes">) {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const tool = await startTool({
    name: "prometheus",
    async argsIn(folder) {
      await writeRules(join(folder, "rules.yaml"), alerts);
      await writeFile(join(folder, "prometheus.yaml"), stringify(configFor(stack)));
      const listening = `--web.listen-address=127.0.0.1:${port}`;
      return ["--config.file=prometheus.yaml", "--storage.tsdb.path=data", listening];
    },
    isReady: async () => (await fetch(`${url}/-/ready`)).ok,
  });
  return {
    stop: tool.stop,
    said: tool.said,
    async ask(path: string, parameters: Readonly<Record<string, string>> = {}): Promise<Answer> {
      const response = await fetch(`${url}/api/v1/${path}?${new URLSearchParams(parameters)}`);
      return answer.parse(await response.json());
    },
  };
}

function configFor({ processes }: Pick<TestStack, "processes">) {
  const { namespace, fullname } = RELEASE;
  const targets = processes.map(({ name, adminPort }) => ({
    targets: [`127.0.0.1:${adminPort}`],
    labels: { namespace, service: `${fullname}-${name}`, pod: `${fullname}-${name}-0` },
  }));
  return {
    global: { scrape_interval: "1s", evaluation_interval: "1s" },
    rule_files: ["rules.yaml"],
    scrape_configs: [{ job_name: "botfactory", metrics_path: "/metrics", static_configs: targets }],
  };
}
