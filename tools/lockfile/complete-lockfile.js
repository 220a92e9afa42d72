/**
 * Adds to package-lock.json the platform packages (@swc/core-darwin-arm64, …) that npm left out, as it does when its
 * registry lacks them for a while: `npm ci` refuses a lock in which an optional dependency has no entry at all, and would
 * not check an entry without a hash. Run by `make lock` after `npm install`.
 */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";

const LOCKFILE = new URL("../../package-lock.json", import.meta.url);
const SYSTEMS = ["win32", "darwin", "linux", "android", "freebsd", "openharmony"];
const PROCESSORS = {
  x64: "x64",
  ia32: "ia32",
  arm64: "arm64",
  armv7: "arm",
  arm: "arm",
  ppc64: "ppc64",
  riscv64: "riscv64",
  s390x: "s390x",
  loong64: "loong64",
};

function platformOf(name) {
  const words = name.split("/").at(-1).split("-");
  const os = SYSTEMS.filter((system) => words.includes(system));
  const cpu = Object.keys(PROCESSORS)
    .filter((word) => words.includes(word))
    .map((word) => PROCESSORS[word]);
  return os.length > 0 && cpu.length > 0 ? { os, cpu } : undefined;
}

function hashOf(name, version) {
  return execFileSync("npm", ["view", `${name}@${version}`, "dist.integrity"], { encoding: "utf8" }).trim();
}

const lock = JSON.parse(readFileSync(LOCKFILE, "utf8"));
let added = 0;
for (const entry of Object.values({ ...lock.packages })) {
  for (const [name, range] of Object.entries(entry.optionalDependencies ?? {})) {
    const place = `node_modules/${name}`;
    const platform = platformOf(name);
    if (lock.packages[place] !== undefined || platform === undefined || !/^\d/.test(range)) continue;
    lock.packages[place] = { version: range, integrity: hashOf(name, range), ...platform, dev: true, optional: true };
    added += 1;
  }
}
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(LOCKFILE, `${JSON.stringify(lock, null, 2)}\n`);
process.stdout.write(`package-lock.json: ${added} platform packages added\n`);
