import { readdir, readFile } from "node:fs/promises";
import { basename } from "node:path";
import { parser } from "@prometheus-io/lezer-promql";
import { parse } from "yaml";
import { z } from "zod";

const CHART = "deploy/helm/botfactory/files";

/** The release stories are about, and whose alerts the tests play. */
export const RELEASE = { namespace: "prod", fullname: "bf" };

const rules = z.array(
  z.object({ alert: z.string(), expr: z.string(), for: z.string(), severity: z.string(), summary: z.string() }),
);
const dashboard = z.object({
  panels: z.array(z.object({ title: z.string(), targets: z.array(z.object({ expr: z.string() })) })),
});

/** An alert as the chart's file has it. */
export type Alert = z.output<typeof rules>[number];

/** A query of the chart, and where it stands. */
export interface Query {
  readonly where: string;
  readonly expr: string;
}

/** What templates/_monitoring.tpl puts into queries; that it is the same is seen by tests/chart/queries.chart.test.ts. */
const OWN_SERVICES = `service=~"${RELEASE.fullname}-(ingress|conversation|ai|bots|web)"`;
export const OURS = `namespace="${RELEASE.namespace}",${OWN_SERVICES}`;

const WORDS: Readonly<Record<string, string>> = {
  ours: OURS,
  namespace: `namespace="${RELEASE.namespace}"`,
  fullname: RELEASE.fullname,
  waitingLimit: "128",
  backupWithin: "3600",
};
const asRendered = (expr: string) => expr.replaceAll(/<(\w+)>/g, (all, word: string) => WORDS[word] ?? all);

/** What chooses one release's series beside the namespace: its services, or what kube-state-metrics shows of its objects. */
export const OBJECT_MATCHER = new RegExp(`(service|cronjob|job_name)(=~?)"${RELEASE.fullname}-`, "g");

export const alerts: readonly Alert[] = rules
  .parse(parse(await readFile(`${CHART}/alerts.yaml`, "utf8")))
  .map((alert) => ({ ...alert, expr: asRendered(alert.expr) }));
export const alertQueries: readonly Query[] = alerts.map(({ alert, expr }) => ({ where: alert, expr }));
export const panelQueries: readonly Query[] = await Promise.all(
  (await readdir(`${CHART}/dashboards`)).map(queriesOfDashboard),
).then((boards) => boards.flat());

async function queriesOfDashboard(file: string): Promise<Query[]> {
  const { panels } = dashboard.parse(JSON.parse(await readFile(`${CHART}/dashboards/${file}`, "utf8")));
  return panels.flatMap(({ title, targets }) =>
    targets.map(({ expr }) => ({
      where: `${basename(file, ".json")}: ${title}`,
      expr: asRendered(expr),
    })),
  );
}

/** The names a query reads, the selectors it does that by, and whether it is PromQL at all. */
export function readBy(expr: string) {
  const names: string[] = [];
  const selectors: string[] = [];
  let isWhole = true;
  parser.parse(expr).iterate({
    enter(node) {
      if (node.type.isError) isWhole = false;
      if (node.name === "VectorSelector") selectors.push(expr.slice(node.from, node.to));
      const { parent } = node.node;
      if (node.name === "Identifier" && parent?.name === "VectorSelector") names.push(expr.slice(node.from, node.to));
    },
  });
  return { names, selectors, isWhole };
}
