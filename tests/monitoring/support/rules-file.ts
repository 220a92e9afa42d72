import { writeFile } from "node:fs/promises";
import { stringify } from "yaml";
import type { Alert } from "./queries.ts";

/** Writes alerts as Prometheus reads them: what the chart's PrometheusRule becomes in the operator's hands. */
export async function writeRules(path: string, alerts: readonly Alert[], runbooks = "runbooks"): Promise<string> {
  const rules = alerts.map(({ alert, expr, for: forTime, severity, summary }) => ({
    alert,
    expr,
    for: forTime,
    labels: { severity },
    annotations: { summary, runbook_url: `${runbooks}/${alert}.md` },
  }));
  await writeFile(path, stringify({ groups: [{ name: "botfactory", rules }] }));
  return path;
}
