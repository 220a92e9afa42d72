// npm's --omit=dev still installs what a workspace needs only for its tests when that is another workspace (and jest and
// testcontainers behind it), so the image's manifests and lock name no development dependencies at all. A service is one
// bundled program: of all it is made of, it still needs what was left out of the bundle; the operator needs nothing more.
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { LEFT_OUTSIDE } from "../tools/bundling/left-outside.js";

const rewrite = (file, change) => {
  const content = JSON.parse(readFileSync(file, "utf8"));
  change(content);
  writeFileSync(file, JSON.stringify(content));
};

const { packages: locked } = JSON.parse(readFileSync("package-lock.json", "utf8"));
const leftOut = Object.fromEntries(LEFT_OUTSIDE.map((name) => [name, locked[`node_modules/${name}`].version]));
const isService = (folder) => /^services\/[a-z]+$/.test(folder);

/** As production has it. */
function strip(folder, manifest) {
  delete manifest.devDependencies;
  if (isService(folder)) manifest.dependencies = leftOut;
  if (folder === "tools/operator") manifest.dependencies = {};
}

for (const manifest of globSync("**/package.json")) {
  rewrite(manifest, (content) => strip(manifest.replace(/\/?package\.json$/, ""), content));
}
/** npm installs an optional peer where anybody brings it, and our tests bring jest for a tool that could test by it. */
function withoutOptionalPeers({ peerDependencies, peerDependenciesMeta = {} }) {
  for (const [name, { optional }] of Object.entries(peerDependenciesMeta)) {
    if (optional) delete peerDependencies?.[name];
  }
}

rewrite("package-lock.json", ({ packages }) => {
  for (const [path, entry] of Object.entries(packages)) {
    if (path.includes("node_modules/")) withoutOptionalPeers(entry);
    else strip(path, entry);
  }
});
