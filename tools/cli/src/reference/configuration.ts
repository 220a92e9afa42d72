import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describeConfig, type SettingRow } from "@botfactory/service-kit";
import { z } from "zod";
import { SERVICES } from "../service-process.ts";

/** The configuration reference: every variable of every built service, from the schema that reads it, as Markdown. */
export async function configurationReference(repository: string): Promise<string> {
  const sections = await Promise.all(SERVICES.map((name) => section(repository, name)));
  return [
    "# Configuration",
    "",
    "Generated from the services' own schemas by `make reference`. A missing or bad value stops the start, with every",
    "problem listed at once. Tracing is off until `OTEL_EXPORTER_OTLP_ENDPOINT` names a collector; the other `OTEL_*`",
    "variables mean what OpenTelemetry says.",
    ...sections.flat(),
    "",
  ].join("\n");
}

async function section(repository: string, name: string): Promise<string[]> {
  const file = join(repository, "services", name, "dist", "config.js");
  const module: Record<string, unknown> = await import(pathToFileURL(file).href);
  const schema = Object.entries(module).find(([key]) => key.endsWith("Environment"))?.[1];
  if (!(schema instanceof z.ZodObject)) throw new Error(`${file} exports no …Environment schema`);
  return [
    "",
    `## ${name}`,
    "",
    "| Variable | Type | Default | Meaning |",
    "| --- | --- | --- | --- |",
    ...describeConfig(schema).map((setting) => row(withoutMachine(setting, repository))),
  ];
}

/** A path below the checkout, as it reads on every machine. */
function withoutMachine({ default: fallback, ...setting }: SettingRow, repository: string): SettingRow {
  return fallback === undefined ? setting : { ...setting, default: fallback.replace(`${repository}/`, "") };
}

function row({ name, type, required, secret, description, default: fallback }: SettingRow): string {
  const standard = required ? "**required**" : fallback === undefined ? "" : `\`${fallback}\``;
  const meaning = description.replaceAll("<", "&lt;");
  return `| \`${name}\` | ${type.replaceAll("|", "\\|")} | ${standard} | ${meaning}${secret ? " *(secret)*" : ""} |`;
}
