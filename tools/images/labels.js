import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

export const REPOSITORY = fileURLToPath(new URL("../..", import.meta.url));
const HASH_DIGITS = 12;

export function git(...args) {
  return execFileSync("git", args, { cwd: REPOSITORY, encoding: "utf8", maxBuffer: 64 * 1024 * 1024 }).trim();
}

/** When HEAD was committed, in seconds: every time in an image, so that two builds of one commit are the same. */
export function commitTime() {
  return Number(git("show", "-s", "--format=%ct", "HEAD"));
}

/** The labels of an image (https://specs.opencontainers.org/image-spec/annotations), all of them from the commit HEAD. */
export function labelsOf(image) {
  const { version, license, description, repository } = JSON.parse(readFileSync(`${REPOSITORY}/package.json`, "utf8"));
  const revision = git("rev-parse", "HEAD");
  const release = git("tag", "--points-at", "HEAD").match(/^v(\d\S*)$/m)?.[1];
  const { GITHUB_SERVER_URL, GITHUB_REPOSITORY } = process.env;
  const source = GITHUB_REPOSITORY ? `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}` : repository;
  const labels = {
    created: new Date(commitTime() * 1_000).toISOString(),
    description,
    licenses: license,
    revision,
    source,
    title: `BotFactory ${image}`,
    version: release ?? `${version}-${revision.slice(0, HASH_DIGITS)}`,
  };
  return Object.entries(labels).map(([name, value]) => `org.opencontainers.image.${name}=${value}`);
}
