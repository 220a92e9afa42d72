import { readdir, readFile } from "node:fs/promises";
import { basename } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { parser } from "@prometheus-io/lezer-promql";
import { parse } from "yaml";
import { z } from "zod";

const CHART = "deploy/helm/botfactory/files";
const RUNBOOKS = "docs/operations/alerts";
// Prometheus' own, of every target it scrapes.
const FOREIGN = ["up"];

const rules = z.array(z.object({ alert: z.string(), expr: z.string(), summary: z.string() }));
const dashboard = z.object({
  panels: z.array(z.object({ title: z.string(), targets: z.array(z.object({ expr: z.string() })) })),
});

const alerts = rules.parse(parse(await readFile(`${CHART}/alerts.yaml`, "utf8")));
const panels = (
  await Promise.all(
    (
      await readdir(`${CHART}/dashboards`)
    ).map(async (file) => {
      const board = dashboard.parse(JSON.parse(await readFile(`${CHART}/dashboards/${file}`, "utf8")));
      return board.panels.flatMap(({ title, targets }) =>
        targets.map(({ expr }) => ({ where: `${basename(file, ".json")}: ${title}`, expr })),
      );
    }),
  )
).flat();
const queries = [...alerts.map(({ alert, expr }) => ({ where: alert, expr })), ...panels];

/** The names a query reads, and whether it is PromQL at all. */
function readBy(expr: string) {
  const names: string[] = [];
  let isWhole = true;
  parser.parse(expr).iterate({
    enter(node) {
      if (node.type.isError) isWhole = false;
      const { parent } = node.node;
      if (node.name === "Identifier" && parent?.name === "VectorSelector") names.push(expr.slice(node.from, node.to));
    },
  });
  return { names, isWhole };
}

async function sources(): Promise<string[]> {
  const parts = await Promise.all(
    ["packages", "services"].map(async (of) => (await readdir(of)).map((one) => `${of}/${one}/src`)),
  );
  const files = await Promise.all(
    parts.flat().map(async (folder) => (await readdir(folder, { recursive: true })).map((file) => `${folder}/${file}`)),
  );
  return files.flat().filter((file) => file.endsWith(".ts"));
}

/** What the services show at /metrics, as their sources name it. */
async function shown(): Promise<ReadonlySet<string>> {
  const names = new Set(FOREIGN);
  for (const file of await sources()) {
    const source = await readFile(file, "utf8");
    for (const [, kind, name] of source.matchAll(/\.create(\w+)\(\s*"([\w.]+)"/g)) {
      const base = (name ?? "").replaceAll(".", "_");
      const endings = kind?.includes("Counter")
        ? ["_total"]
        : kind === "Histogram"
          ? ["_bucket", "_count", "_sum"]
          : [""];
      for (const ending of endings) names.add(`${base}${ending}`);
    }
  }
  return names;
}

const known = await shown();

describe("a query of the alerts and dashboards", () => {
  it.each(queries)("is PromQL and reads what services show: $where", async ({ expr }) => {
    const { names, isWhole } = readBy(expr);
    expect(isWhole).toBe(true);
    expect(names.length).toBeGreaterThan(0);
    expect(names.filter((name) => !known.has(name))).toEqual([]);
  });
});

describe("an alert", () => {
  it("has a page that says what to do, and every page is an alert's", async () => {
    const pages = (await readdir(RUNBOOKS)).map((page) => basename(page, ".md"));
    expect(pages.sort()).toEqual(alerts.map(({ alert }) => alert).sort());
    for (const page of pages) {
      const text = await readFile(`${RUNBOOKS}/${page}.md`, "utf8");
      for (const part of ["## What people see", "## Look", "## Do"]) expect(text).toContain(part);
    }
  });
});
