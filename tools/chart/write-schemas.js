// Writes a JSON schema for each Kubernetes kind, as kubeconform reads them, out of the OpenAPI document in the Go module
// k8s.io/kubernetes: so the chart is validated where nothing but the module proxy is reached.
//   node tools/chart/write-schemas.js <swagger.json> <directory>
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const [source, directory] = process.argv.slice(2);
const { definitions } = JSON.parse(readFileSync(source, "utf8"));

/** Closed, as a server with strict field validation: a field nobody knows is an error. */
function closed(schema) {
  if (Array.isArray(schema)) return schema.map(closed);
  if (schema === null || typeof schema !== "object") return schema;
  if (schema.format === "int-or-string") return { type: ["string", "integer"] };
  const { description: _, ...rest } = Object.fromEntries(
    Object.entries(schema).map(([name, value]) => [
      name,
      name === "properties" ? mapped(value, closed) : closed(value),
    ]),
  );
  return rest.properties && !rest.additionalProperties ? { ...rest, additionalProperties: false } : rest;
}

const mapped = (object, change) =>
  Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value)]));

const all = mapped(definitions, closed);
all["io.k8s.apimachinery.pkg.api.resource.Quantity"] = { type: ["string", "number"] };

/** What a definition refers to, itself included. */
function reached(name, names = new Set()) {
  if (names.has(name)) return names;
  names.add(name);
  for (const [, next] of JSON.stringify(all[name]).matchAll(/"#\/definitions\/([^"]+)"/g)) reached(next, names);
  return names;
}

mkdirSync(directory, { recursive: true });
for (const [name, definition] of Object.entries(definitions)) {
  for (const { group, kind, version } of definition["x-kubernetes-group-version-kind"] ?? []) {
    if (definition.properties?.kind === undefined) continue;
    const file = [kind, group.split(".")[0], version].filter(Boolean).join("-").toLowerCase();
    const used = Object.fromEntries([...reached(name)].map((other) => [other, all[other]]));
    writeFileSync(join(directory, `${file}.json`), JSON.stringify({ ...all[name], definitions: used }));
  }
}
