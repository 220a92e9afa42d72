import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { stringify } from "yaml";
import { type Alert, alerts } from "./support/queries.ts";
import { writeRules } from "./support/rules-file.ts";
import { anothers, stories } from "./support/stories.ts";
import { type PromtoolRun, promtool } from "./support/tools.ts";

// One alert's stories last two days, which is 3,000 evaluations: some seconds of a core, and over half a minute where others
// want the cores too.
const PLAYED_MS = 180_000;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "botfactory-alerts-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Plays an alert's stories on a version of it. */
async function played(alert: Alert, told = stories): Promise<PromtoolRun> {
  const rules = await writeRules(join(folder, "rules.yaml"), [alert]);
  const tests = told.filter(({ name }) => name === alert.alert).map((story) => ({ interval: "1m", ...story }));
  const script = join(folder, "stories.yaml");
  await writeFile(script, stringify({ rule_files: [rules], evaluation_interval: "1m", tests }));
  return promtool(["test", "rules", script]);
}

// By a moment that is otherwise than told, not by a query nobody can read.
const noticed = { isFine: false, said: expect.stringMatching(/FAILED[\s\S]*exp:/) };
const fine = expect.objectContaining({ isFine: true });

describe("the alerts", () => {
  it("are rules Prometheus takes, without anything promtool would do otherwise", async () => {
    const rules = await writeRules(join(folder, "all.yaml"), alerts);
    expect(await promtool(["check", "rules", "--lint=all", "--lint-fatal", rules])).toEqual(fine);
  });
});

describe.each(alerts)("$alert", (alert) => {
  it("fires in time and rests otherwise", async () => expect(await played(alert)).toEqual(fine), PLAYED_MS);

  it.each([
    ["another namespace", anothers.namespace],
    ["another's services in our namespace", anothers.service],
  ])(
    "rests when all that happens in %s",
    async (_, told) => expect(await played(alert, told)).toEqual(fine),
    PLAYED_MS,
  );

  // Whether the stories would notice.
  it.each([
    ["never fired", { expr: "vector(1) > 2" }],
    ["always fired", { expr: `(${alert.expr}) or on () vector(1)` }],
    ["compared the other way round", { expr: turned(alert.expr) }],
    ["took another time to fire", { for: alert.for === "0m" ? "3m" : "0m" }],
  ])(
    "would be noticed if it %s",
    async (_, change) => expect(await played({ ...alert, ...change })).toEqual(noticed),
    PLAYED_MS,
  );

  it.each(Object.keys(anothers) as (keyof typeof anothers)[])(
    "would be noticed if it looked at any %s",
    async (what) => {
      const ofRelease = what === "namespace" ? /(namespace)="[^"]*"/g : /(service|cronjob|job_name)=~?"bf-[^"]*"/g;
      const expr = alert.expr.replaceAll(ofRelease, '$1=~".+"');
      expect(await played({ ...alert, expr }, anothers[what])).toEqual(noticed);
    },
    PLAYED_MS,
  );
});

/** The last comparison the other way round. */
function turned(expr: string): string {
  const opposite: Readonly<Record<string, string>> = { ">": "<=", "<": ">=", "==": "!=" };
  const at = [...expr.matchAll(/ (>|<|==) /g)].at(-1);
  if (at?.[1] === undefined) throw new Error(`no comparison in ${expr}`);
  return `${expr.slice(0, at.index)} ${opposite[at[1]]} ${expr.slice(at.index + at[0].length)}`;
}
