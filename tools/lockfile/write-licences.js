/**
 * Writes docs/licences.md: the packages of others that the published images are made of, as package-lock.json has them.
 * Fails on a licence that is not allowed here. Run by `make licences`.
 */
import { readFileSync, writeFileSync } from "node:fs";

const LOCKFILE = new URL("../../package-lock.json", import.meta.url);
const PAGE = new URL("../../docs/licences.md", import.meta.url);
const SHIPPED = /^(services\/[a-z]+(\/client)?|tools\/(operator|simulator|infrastructure))$/;
const ALLOWED = new Set(
  "0BSD Apache-2.0 BlueOak-1.0.0 BSD-2-Clause BSD-3-Clause CC0-1.0 ISC MIT MPL-2.0 Python-2.0 Unlicense Zlib".split(
    " ",
  ),
);
// They name it in npm's old field `licenses`, which the lock leaves out.
const NAMED_ELSEWHERE = { ssh2: "MIT", "cpu-features": "MIT", buildcheck: "MIT" };

const { packages } = JSON.parse(readFileSync(LOCKFILE, "utf8"));

/** Where Node finds a package that is required from a place in the lock. */
function placeOf(name, from) {
  for (let folder = from; ; folder = folder.slice(0, Math.max(folder.lastIndexOf("/"), 0))) {
    const place = `${folder}/node_modules/${name}`.replace(/^\//, "");
    if (packages[place] !== undefined) return packages[place].link ? packages[place].resolved : place;
    if (folder === "") return undefined;
  }
}

/** SPDX's AND and OR; the lock has no deeper expressions. */
function isAllowed(licence) {
  return licence
    .split(" OR ")
    .some((side) => side.split(" AND ").every((one) => ALLOWED.has(one.replace(/[()]/g, ""))));
}

/** What is installed with a package; an optional peer is not, it is only used where somebody else brings it. */
function neededBy({ dependencies, optionalDependencies, peerDependencies, peerDependenciesMeta = {} }) {
  const peers = Object.keys(peerDependencies ?? {}).filter((name) => !peerDependenciesMeta[name]?.optional);
  return [...Object.keys({ ...dependencies, ...optionalDependencies }), ...peers];
}

const places = new Set(Object.keys(packages).filter((place) => SHIPPED.test(place)));
// A set's iteration also visits what is added on the way.
for (const place of places) {
  for (const name of neededBy(packages[place])) {
    const found = placeOf(name, place);
    if (found !== undefined) places.add(found);
  }
}

const foreign = [...places].filter((place) => place.includes("node_modules/"));
const rows = foreign.map((place) => {
  const name = place.slice(place.lastIndexOf("node_modules/") + "node_modules/".length);
  return {
    name,
    version: packages[place].version,
    licence: packages[place].license ?? NAMED_ELSEWHERE[name] ?? "unknown",
  };
});
const lines = new Set(rows.map(({ name, version, licence }) => `| ${name} | ${version} | ${licence} |`));
const head = `# Licences

The packages of others that BotFactory's images are made of. Written by \`make licences\`; do not edit.
BotFactory itself is under [Apache-2.0](../LICENSE).

| Package | Version | Licence |
| --- | --- | --- |
`;
writeFileSync(PAGE, `${head}${[...lines].sort().join("\n")}\n`);

const refused = rows.filter(({ licence }) => !isAllowed(licence));
for (const { name, version, licence } of refused)
  process.stderr.write(`not an allowed licence: ${name} ${version}: ${licence}\n`);
process.exitCode = refused.length > 0 ? 1 : 0;
