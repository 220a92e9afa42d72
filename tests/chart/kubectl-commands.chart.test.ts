import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, it } from "@jest/globals";
import { parseAllDocuments } from "yaml";
import { componentsIn, objectsIn, pagesWithCommands } from "../setup/kubectl-commands.ts";
import { REPOSITORY } from "../setup/repository.ts";

const CHART = join(REPOSITORY, "deploy/helm/botfactory");
const FULLNAME = "prod-botfactory";
const VALUES = [
  ["-f", "ci/everything-values.yaml"],
  ["-f", "values-quickstart.yaml"],
  ["-f", "values-production.yaml", "--set", "services.conversation.autoscaling.kind=hpa"],
];
const KINDS: Readonly<Record<string, string>> = {
  cronjob: "CronJob",
  deploy: "Deployment",
  deployment: "Deployment",
  hpa: "HorizontalPodAutoscaler",
  scaledobject: "ScaledObject",
  svc: "Service",
};

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels?: Readonly<Record<string, string>> };
}

const manifests = VALUES.flatMap(rendered);
const objects = new Set(manifests.map(({ kind, metadata }) => `${kind}/${metadata.name}`));
const components = new Set(manifests.map(({ metadata }) => metadata.labels?.["app.kubernetes.io/component"]));

function rendered(values: readonly string[]): Manifest[] {
  const helm = join(REPOSITORY, ".botfactory/chart-tools/helm");
  const text = execFileSync(helm, ["template", "prod", ".", ...values], {
    cwd: CHART,
    encoding: "utf8",
    stdio: "pipe",
  });
  return parseAllDocuments(text).flatMap((document) => (document.toJS() as Manifest | null) ?? []);
}

describe("a command for kubectl names what the chart makes", () => {
  it.each(pagesWithCommands)("$path", ({ text, commands }) => {
    const named = commands.flatMap(objectsIn).map(({ kind, suffix }) => `${KINDS[kind] ?? kind}/${FULLNAME}-${suffix}`);
    const objectsNotThere = named.filter((name) => !objects.has(name));
    const componentsNotThere = componentsIn(text).filter((component) => !components.has(component));
    expect({ objectsNotThere, componentsNotThere }).toEqual({ objectsNotThere: [], componentsNotThere: [] });
  });
});
