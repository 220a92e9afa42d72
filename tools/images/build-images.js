/**
 * Builds images of the commit HEAD, with podman or docker, and writes each one's list of packages beside.
 *   node tools/images/build-images.js [--tag dev] [--no-cache] [ai web …]
 * CONTAINER_ENGINE names the engine, NODE_IMAGE another base, IMAGE_PREFIX what stands before the names (botfactory).
 */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { parseArgs } from "node:util";
import { IMAGES, TARGETS } from "./images.js";
import { commitTime, git, labelsOf, REPOSITORY } from "./labels.js";

const LISTS = join(REPOSITORY, ".botfactory/images");
const MB = 1e6;
const { NODE_IMAGE, IMAGE_PREFIX = "botfactory" } = process.env;
const say = (line) => process.stdout.write(`${line}\n`);

const { values: wanted, positionals } = parseArgs({
  allowPositionals: true,
  options: { tag: { type: "string", default: "dev" }, "no-cache": { type: "boolean", default: false } },
});
const names = positionals.length > 0 ? positionals : Object.keys(IMAGES);
const engine = process.env.CONTAINER_ENGINE ?? ["podman", "docker"].find(answers);
if (engine === undefined) throw new Error("neither podman nor docker is here");

function answers(program) {
  return spawnSync(program, ["--version"]).status === 0;
}

function print(...args) {
  return execFileSync(engine, args, { encoding: "utf8" }).trim();
}

/** The commit in a folder of its own: what is not committed must not be in an image that names a commit. */
function checkout() {
  const folder = mkdtempSync(join(tmpdir(), "botfactory-images-"));
  const archive = execFileSync("git", ["archive", "HEAD"], { cwd: REPOSITORY, maxBuffer: 512 * 1024 * 1024 });
  execFileSync("tar", ["-x", "-C", folder], { input: archive });
  return folder;
}

function build(name, context) {
  const buildArguments = { FOLDER: dirname(IMAGES[name]), SERVICE: name, ...(NODE_IMAGE && { NODE_IMAGE }) };
  const times = engine === "podman" ? ["--timestamp", `${commitTime()}`] : [];
  const options = [
    ...Object.entries(buildArguments).flatMap(([key, value]) => ["--build-arg", `${key}=${value}`]),
    ...labelsOf(name).flatMap((label) => ["--label", label]),
    ...times,
    ...(TARGETS[name] ? ["--target", TARGETS[name]] : []),
    ...(wanted["no-cache"] ? ["--no-cache"] : []),
  ];
  const image = `${IMAGE_PREFIX}/${name}:${wanted.tag}`;
  execFileSync(engine, ["build", "-f", "docker/Dockerfile", ...options, "-t", image, "."], {
    cwd: context,
    // Kept back, it is in the error where there is one.
    stdio: process.env.VERBOSE ? "inherit" : "pipe",
    maxBuffer: 64 * 1024 * 1024,
    // What buildx takes for every time in the image.
    env: { ...process.env, SOURCE_DATE_EPOCH: `${commitTime()}` },
  });
  return image;
}

function keepList(image, name) {
  const container = print("create", image);
  try {
    print("cp", `${container}:/app/sbom.cdx.json`, join(LISTS, `${name}.cdx.json`));
  } finally {
    print("rm", container);
  }
}

for (const name of names) {
  if (IMAGES[name] === undefined) throw new Error(`no image ${name}: ${Object.keys(IMAGES).join(", ")}`);
}
if (git("status", "--porcelain") !== "") say("what is not committed will not be in the images");
const context = checkout();
try {
  mkdirSync(LISTS, { recursive: true });
  for (const name of names) {
    const begun = Date.now();
    const image = build(name, context);
    keepList(image, name);
    const megabytes = Number(print("image", "inspect", "--format", "{{.Size}}", image)) / MB;
    say(`${image}: ${megabytes.toFixed(1)} MB, after ${Math.round((Date.now() - begun) / 1_000)} s`);
  }
} finally {
  rmSync(context, { recursive: true });
}
say(`lists of packages: ${LISTS}/<image>.cdx.json`);
