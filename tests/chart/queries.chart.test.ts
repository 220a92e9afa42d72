import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { parseAllDocuments } from "yaml";
import { alertQueries, panelQueries, RELEASE } from "../monitoring/support/queries.ts";
import { REPOSITORY } from "../setup/repository.ts";

const CHART = join(REPOSITORY, "deploy/helm/botfactory");

interface Manifest {
  readonly kind: string;
  readonly spec?: { readonly groups: readonly { readonly rules: readonly { readonly expr: string }[] }[] };
  readonly data?: Readonly<Record<string, string>>;
}
interface Dashboard {
  readonly panels: readonly { readonly targets: readonly { readonly expr: string }[] }[];
}

const manifests = parseAllDocuments(rendered()).map((document) => document.toJS() as Manifest);

function rendered(): string {
  const release = ["-n", RELEASE.namespace, "--set", `fullnameOverride=${RELEASE.fullname},replies.turnsAtOnce=64`];
  const values = ["-f", join(CHART, "ci/everything-values.yaml"), "-s", "templates/monitoring.yaml"];
  const helm = join(REPOSITORY, ".botfactory/chart-tools/helm");
  return execFileSync(helm, ["template", "r", CHART, ...release, ...values], { encoding: "utf8", stdio: "pipe" });
}

// What promtool and Prometheus are asked about is made here by a replacement of our own.
describe("the chart renders the queries that were tested", () => {
  it("of alerts", () => {
    const rules = manifests.flatMap(({ spec }) => spec?.groups ?? []).flatMap((group) => group.rules);
    expect(rules.map(({ expr }) => expr)).toEqual(alertQueries.map(({ expr }) => expr));
  });

  it("of dashboards", () => {
    const boards = manifests
      .filter(({ kind }) => kind === "ConfigMap")
      .flatMap(({ data }) => Object.values(data ?? {}));
    const queries = boards
      .flatMap((text) => (JSON.parse(text) as Dashboard).panels)
      .flatMap(({ targets }) => targets.map(({ expr }) => expr));
    expect(queries.sort()).toEqual(panelQueries.map(({ expr }) => expr).sort());
  });
});
