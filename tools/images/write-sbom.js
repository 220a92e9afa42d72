/**
 * Writes what an image is made of: npm's own CycloneDX document of a workspace, less what the image does not hold. That is
 * what only development needs, and packages of which a bundle takes nothing.
 *   node tools/images/write-sbom.js services/ai <node_modules/.package-lock.json of the image> sbom.cdx.json
 */
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundledPackages, installedPackages } from "./packages-inside.js";

const repository = fileURLToPath(new URL("../..", import.meta.url));
const [workspace, installed, target] = process.argv.slice(2);
const read = (file) => JSON.parse(readFileSync(join(repository, file), "utf8"));
const manifests = [workspace, `${workspace}/client`].map((folder) => `${folder}/package.json`);
const [own, ...more] = manifests.filter((file) => existsSync(join(repository, file))).map(read);

/** What npm needs to know of the repository, in a folder of its own. */
function manifestsIn(folder) {
  const lock = read("package-lock.json");
  for (const [place, { optionalDependencies = {} }] of Object.entries(lock.packages)) {
    if (!place.includes("node_modules/"))
      cpSync(join(repository, place, "package.json"), join(folder, place, "package.json"));
    // keycloak-connect wants "latest" of its own tests' browser driver, which npm takes for a broken lock.
    for (const [name, range] of Object.entries(optionalDependencies)) {
      if (/^[a-z]/.test(range)) delete optionalDependencies[name];
    }
  }
  writeFileSync(join(folder, "package-lock.json"), JSON.stringify(lock));
}

function npmSbom(names) {
  const folder = mkdtempSync(join(tmpdir(), "botfactory-sbom-"));
  try {
    manifestsIn(folder);
    // Without --omit=dev: it leaves out what any development dependency needs too, such as a service's own gRPC.
    const options = ["--sbom-format=cyclonedx", "--package-lock-only", ...names.map((name) => `--workspace=${name}`)];
    return JSON.parse(execFileSync("npm", ["sbom", ...options], { cwd: folder, maxBuffer: 64 * 1024 * 1024 }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const ownRef = `${own.name}@${own.version}`;
const inside = new Set([ownRef, ...installedPackages(installed), ...bundledPackages(workspace)]);
const {
  serialNumber: _,
  metadata,
  components,
  dependencies,
  ...rest
} = npmSbom([own, ...more].map(({ name }) => name));
const unnamed = [...inside].filter((ref) => !components.some((component) => component["bom-ref"] === ref));
if (unnamed.length > 0) throw new Error(`npm's list of ${workspace} has no ${unnamed.join(", ")}`);

const isInside = (ref) => inside.has(ref);
const { scope: __, ...ownComponent } = components.find((component) => component["bom-ref"] === ownRef);
// Neither a time nor a random number: two lists of one commit are the same.
const sbom = {
  ...rest,
  metadata: {
    lifecycles: [{ phase: "build" }],
    tools: metadata.tools,
    component: { ...ownComponent, type: "application" },
  },
  components: components.filter((component) => component["bom-ref"] !== ownRef && isInside(component["bom-ref"])),
  dependencies: dependencies
    .filter(({ ref }) => isInside(ref))
    .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter(isInside) })),
};
writeFileSync(target, `${JSON.stringify(sbom, null, 2)}\n`);
process.stdout.write(`${target}: ${sbom.components.length} packages in ${workspace}\n`);
