import { readdir, readFile } from "node:fs/promises";
import { basename } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { alertQueries, alerts, OURS, panelQueries, readBy } from "./monitoring/support/queries.ts";
import { stories } from "./monitoring/support/stories.ts";

const RUNBOOKS = "docs/operations/alerts";
// Prometheus' own, of every target it scrapes; and what kube-state-metrics shows of CronJobs and Jobs.
const FOREIGN = ["up", "kube_cronjob_status_last_successful_time", "kube_cronjob_created", "kube_job_status_failed"];
const queries = [...alertQueries, ...panelQueries];

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
  it.each(alertQueries)("looks at this release's series only: $where", ({ expr }) => {
    const { selectors } = readBy(expr);
    expect(selectors.length).toBeGreaterThan(0);
    const ofRelease = [`{${OURS}`, '{namespace="prod",cronjob="bf-', '{namespace="prod",job_name=~"bf-'];
    expect(selectors.filter((selector) => !ofRelease.some((beginning) => selector.includes(beginning)))).toEqual([]);
  });

  it("has a page that says what to do, and every page is an alert's", async () => {
    const pages = (await readdir(RUNBOOKS)).map((page) => basename(page, ".md"));
    expect(pages.sort()).toEqual(alerts.map(({ alert }) => alert).sort());
    for (const page of pages) {
      const text = await readFile(`${RUNBOOKS}/${page}.md`, "utf8");
      for (const part of ["## What people see", "## Look", "## Do"]) expect(text).toContain(part);
    }
  });

  it("has a story in which it fires and moments in which it does not", () => {
    for (const { alert } of alerts) {
      const moments = stories.filter(({ name }) => name === alert).flatMap(({ alert_rule_test }) => alert_rule_test);
      expect({ alert, fires: moments.some(({ exp_alerts }) => exp_alerts !== undefined) }).toEqual({
        alert,
        fires: true,
      });
      expect({ alert, rests: moments.some(({ exp_alerts }) => exp_alerts === undefined) }).toEqual({
        alert,
        rests: true,
      });
    }
    expect(stories.filter(({ name }) => !alerts.some(({ alert }) => alert === name))).toEqual([]);
  });
});
