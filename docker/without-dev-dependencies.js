// npm's --omit=dev still installs what a workspace needs only for its tests when that is another workspace (and jest and
// testcontainers behind it), so the image's manifests and lock name no development dependencies at all.
import { globSync, readFileSync, writeFileSync } from "node:fs";

const rewrite = (file, change) => {
  const content = JSON.parse(readFileSync(file, "utf8"));
  change(content);
  writeFileSync(file, JSON.stringify(content));
};

for (const manifest of globSync("**/package.json")) {
  rewrite(manifest, (content) => {
    delete content.devDependencies;
  });
}
rewrite("package-lock.json", ({ packages }) => {
  for (const [path, entry] of Object.entries(packages)) {
    if (!path.includes("node_modules/")) delete entry.devDependencies;
  }
});
