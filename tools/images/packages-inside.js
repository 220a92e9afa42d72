import { existsSync, readFileSync } from "node:fs";
import { dirname, isAbsolute, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const repository = fileURLToPath(new URL("../..", import.meta.url));
const read = (file) => JSON.parse(readFileSync(file, "utf8"));

/** `name@version` of each package that npm says it installed (`node_modules/.package-lock.json`), ours among them. */
export function installedPackages(lockfile) {
  return Object.entries(read(lockfile).packages)
    .filter(([, { link }]) => !link)
    .map(([place, { name, version }]) => {
      const folder = place.split("node_modules/").at(-1);
      return place.includes("node_modules/") ? `${name ?? folder}@${version}` : packageOf(`${place}/package.json`);
    });
}

/** `name@version` of each package of which a workspace's bundle and its console's pages hold any code. */
export function bundledPackages(workspace) {
  const folder = join(repository, workspace);
  const modules = [...bundledModules(`${folder}/bundle/metafiles.json`), ...pageModules(`${folder}/client/dist`)];
  return [...new Set(modules.map(packageOf))];
}

function bundledModules(metafiles) {
  if (!existsSync(metafiles)) return [];
  const outputs = read(metafiles).flatMap((metafile) => Object.values(metafile.outputs));
  const inputs = outputs.flatMap((output) => Object.entries(output.inputs));
  // What was started from, and modules that a package says are not for this platform, are no files.
  const isFile = (input) => !/^[<(]/.test(input);
  return inputs.filter(([input, { bytesInOutput }]) => bytesInOutput > 0 && isFile(input)).map(([input]) => input);
}

function pageModules(pages) {
  if (!existsSync(pages)) return [];
  const modules = read(`${pages}/.vite/modules.json`).filter(isAbsolute);
  return modules.map((module) => relative(repository, module.replace(/\?.*$/, "")));
}

/** The nearest manifest with a name: some only say of which kind a folder's modules are. */
function packageOf(file) {
  for (let folder = dirname(file); folder !== "."; folder = dirname(folder)) {
    const manifest = join(repository, folder, "package.json");
    if (!existsSync(manifest)) continue;
    const { name, version } = read(manifest);
    if (name && version) return `${name}@${version}`;
  }
  throw new Error(`${file} belongs to no package`);
}
