import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { z } from "zod";
import { REPOSITORY } from "../setup/repository.ts";
import { printedInside } from "./engine.ts";

const INSTALLED = `
  const { existsSync, readdirSync, readFileSync } = require("node:fs");
  const found = [];
  const walk = (folder) => {
    for (const name of existsSync(folder) ? readdirSync(folder) : []) {
      if (name.startsWith(".")) continue;
      const place = folder + "/" + name;
      if (name.startsWith("@")) { walk(place); continue; }
      const manifest = JSON.parse(readFileSync(place + "/package.json"));
      found.push(manifest.name + "@" + manifest.version);
      walk(place + "/node_modules");
    }
  };
  walk("/app/node_modules");
  console.log(JSON.stringify(found));`;

/** How esbuild writes a CommonJS module into a bundle: by the path of its file. */
const COMMON_JS = `
  const { existsSync, readdirSync, readFileSync } = require("node:fs");
  const folder = "/app/process/bundle";
  const text = existsSync(folder) ? readdirSync(folder).map((file) => readFileSync(folder + "/" + file, "utf8")).join() : "";
  console.log(JSON.stringify([...text.matchAll(/"([\\w@./-]*node_modules\\/[\\w@./-]+)"\\(/g)].map(([, path]) => path)));`;

const texts = z.array(z.string());
const manifest = z.object({ name: z.string(), version: z.string() });
const metafiles = z.array(
  z.object({
    outputs: z.record(z.string(), z.object({ inputs: z.record(z.string(), z.object({ bytesInOutput: z.number() })) })),
  }),
);
const bom = z.object({
  bomFormat: z.literal("CycloneDX"),
  metadata: z.object({ component: z.object({ "bom-ref": z.string(), type: z.literal("application") }) }),
  components: z.array(z.object({ "bom-ref": z.string(), purl: z.string(), hashes: z.array(z.unknown()).default([]) })),
});
/** `name@version` of each package with a folder in the image's node_modules, ours among them. */
export async function installedIn(image: string): Promise<string[]> {
  return texts.parse(JSON.parse(await printedInside(image, INSTALLED)));
}

/** `name@version` of each package that the image's own bundle names. */
export async function namedByBundleOf(image: string): Promise<string[]> {
  return packagesOf(texts.parse(JSON.parse(await printedInside(image, COMMON_JS))));
}

/** `name@version` of each package of which this checkout's bundle and pages of a workspace hold anything. */
export async function bundledFrom(workspace: string): Promise<string[]> {
  const read = async (file: string) => {
    const path = join(REPOSITORY, workspace, file);
    return existsSync(path) ? JSON.parse(await readFile(path, "utf8")) : [];
  };
  const outputs = metafiles.parse(await read("bundle/metafiles.json")).flatMap(({ outputs }) => Object.values(outputs));
  const held = outputs
    .flatMap(({ inputs }) => Object.entries(inputs))
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0);
  const modules = texts.parse(await read("client/dist/.vite/modules.json"));
  const paths = [...held.map(([path]) => path), ...modules.map((module) => relative(REPOSITORY, module))];
  return packagesOf(paths.filter((path) => /^(node_modules|packages|proto|services|tools)\//.test(path)));
}

async function packagesOf(paths: readonly string[]): Promise<string[]> {
  const folders = paths.map((path) => {
    const [folder] =
      /^.*node_modules\/(@[^/]+\/)?[^/]+/.exec(path) ??
      /^(proto|services\/web\/client|(packages|services|tools)\/[^/]+)(?=\/)/.exec(path) ??
      [];
    if (folder === undefined) throw new Error(`${path} is in no package`);
    return folder;
  });
  const refs = [...new Set(folders)].map(async (folder) => {
    const { name, version } = manifest.parse(
      JSON.parse(await readFile(join(REPOSITORY, folder, "package.json"), "utf8")),
    );
    return `${name}@${version}`;
  });
  return Promise.all(refs);
}

/** What the list that lies in the image names, itself first. */
export async function listedIn(image: string): Promise<string[]> {
  const print = `process.stdout.write(require("node:fs").readFileSync("/app/sbom.cdx.json", "utf8"))`;
  const { metadata, components } = bom.parse(JSON.parse(await printedInside(image, print)));
  const unproven = components.filter(({ purl, hashes }) => !purl.includes("%40botfactory") && hashes.length === 0);
  if (unproven.length > 0) throw new Error(`no hash of ${unproven.map(({ purl }) => purl)}`);
  return [metadata.component["bom-ref"], ...components.map((component) => component["bom-ref"])];
}

/** `name@version` of each package of others that docs/licences.md says our images are made of. */
export async function licensedPackages(): Promise<Set<string>> {
  const page = await readFile(join(REPOSITORY, "docs/licences.md"), "utf8");
  return new Set([...page.matchAll(/^\| (\S+) \| (\d\S*) \|/gm)].map(([, name, version]) => `${name}@${version}`));
}
