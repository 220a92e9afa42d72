import { readdir, readFile } from "node:fs/promises";
import { describe, expect, it } from "@jest/globals";
import { parse } from "yaml";
import { z } from "zod";
import { IMAGES } from "./images/build.ts";

const WORKFLOWS = ".github/workflows";
/** Nothing here may run a program of a package at installation; what would have run, and why it is not missed. */
const UNNEEDED_INSTALL_SCRIPTS = {
  "@bufbuild/buf": "puts the program of the platform's package in place of a starter that finds it as well",
  "@parcel/watcher": "compiles where no compiled package fits; jest watches files by it, and nobody watches in CI",
  "@swc/core": "fetches a slower build where no platform's package fits",
  chromedriver: "fetches a browser's driver for keycloak-connect's own tests",
  "cpu-features": "compiles what ssh2 does without",
  esbuild: "puts the program of the platform's package in place of a starter that finds it as well",
  protobufjs: "warns of how a dependent's version is written",
  ssh2: "compiles faster ciphers for Docker over SSH; JavaScript's are there",
};

const versions = z.record(z.string(), z.string()).default({});
const manifest = z.object({
  license: z.string().optional(),
  dependencies: versions,
  devDependencies: versions,
  optionalDependencies: versions,
  peerDependencies: versions,
  overrides: versions,
});
const lockfile = z.object({
  packages: z.record(
    z.string(),
    z.object({
      link: z.boolean().default(false),
      integrity: z.string().optional(),
      resolved: z.string().optional(),
      hasInstallScript: z.boolean().default(false),
    }),
  ),
});
const step = z.object({ uses: z.string().optional(), run: z.string().optional() });
const matrix = z.object({
  node: z.array(z.number()).default([]),
  include: z.array(z.object({ folder: z.string(), name: z.string() })).default([]),
});
const job = step.extend({
  strategy: z.object({ matrix }).optional(),
  steps: z.array(step).default([]),
});
const workflow = z.object({ permissions: z.record(z.string(), z.string()), jobs: z.record(z.string(), job) });

const { packages } = lockfile.parse(JSON.parse(await readFile("package-lock.json", "utf8")));
const workflows = await readdir(WORKFLOWS);
const jobsOf = async (file: string) =>
  Object.values(workflow.parse(parse(await readFile(`${WORKFLOWS}/${file}`, "utf8"))).jobs);
const places = Object.keys(packages);
const workspaces = places.filter((place) => !place.includes("node_modules/"));
const installed = Object.entries(packages).filter(([place, { link }]) => place.includes("node_modules/") && !link);

describe("a package.json", () => {
  it.each(workspaces)("of ours names exact versions and the licence: %s", async (workspace) => {
    const { license, ...wanted } = manifest.parse(
      JSON.parse(await readFile(`${workspace || "."}/package.json`, "utf8")),
    );
    const versionsOf = Object.values(wanted).flatMap((group) => Object.entries(group));
    expect(versionsOf.filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
    expect(license).toBe("Apache-2.0");
  });
});

describe("the lock", () => {
  it("has a hash of every package", () => {
    expect(installed.length).toBeGreaterThan(0);
    const unproven = installed.filter(([, { integrity }]) => !integrity?.startsWith("sha512-"));
    expect(unproven.map(([place]) => place)).toEqual([]);
  });

  it("names no place to fetch from, so that it is npm's configured registry and never git or an address", () => {
    expect(installed.filter(([, { resolved }]) => resolved !== undefined).map(([place]) => place)).toEqual([]);
  });

  it("has an install script only where it is known why it is not needed", () => {
    const scripted = installed.filter(([, { hasInstallScript }]) => hasInstallScript);
    const names = new Set(scripted.map(([place]) => place.replace(/^.*node_modules\//, "")));
    expect([...names].sort()).toEqual(Object.keys(UNNEEDED_INSTALL_SCRIPTS).sort());
  });
});

describe("an installation", () => {
  it("runs no script of a package, whoever types npm install", async () => {
    expect((await readFile(".npmrc", "utf8")).split("\n")).toContain("ignore-scripts=true");
  });

  it.each(["Makefile", "docker/Dockerfile"])("says so itself too: %s", async (file) => {
    const commands = (await readFile(file, "utf8")).split("\n").filter((line) => /npm (ci|install)\b/.test(line));
    expect(commands.length).toBeGreaterThan(0);
    expect(commands.filter((command) => !command.includes("--ignore-scripts"))).toEqual([]);
  });
});

describe("a workflow", () => {
  it.each(workflows)("runs actions by their commit, the version beside it, and only reads: %s", async (file) => {
    const text = await readFile(`${WORKFLOWS}/${file}`, "utf8");
    const { permissions, jobs } = workflow.parse(parse(text));
    expect(permissions).toEqual({ contents: "read" });
    const used = Object.values(jobs).flatMap((job) => [job, ...job.steps].flatMap((one) => one.uses ?? []));
    const foreign = used.filter((action) => !action.startsWith("./"));
    // A comment is no part of what was parsed.
    const pinned = [...text.matchAll(/ uses: ([\w-]+\/[\w/-]+@[0-9a-f]{40}) # v\d+\.\d+\.\d+$/gm)];
    expect(foreign.length).toBeGreaterThan(0);
    expect(pinned.map(([, action]) => action).sort()).toEqual(foreign.sort());
  });
});

describe("a change", () => {
  it("is tested by the Node developers have and by the one in the images", async () => {
    const developers = (await readFile(".nvmrc", "utf8")).trim();
    const images = /^ARG NODE_IMAGE=node:(\d+)/m.exec(await readFile("docker/Dockerfile", "utf8"))?.[1];
    const testing = (await jobsOf("ci.yaml")).find(({ steps }) => steps.some(({ run }) => run === ".ci/run"));
    expect(testing?.strategy?.matrix.node.map(String)).toEqual([developers, images]);
  });

  it("has its images built, as a release builds them: all of them", async () => {
    const commands = (await jobsOf("ci.yaml")).flatMap(({ steps }) => steps.map(({ run }) => run));
    expect(commands).toContain("make images");
    const released = (await jobsOf("release.yaml")).flatMap(({ strategy }) => strategy?.matrix.include ?? []);
    expect(released.map(({ folder, name }) => [name, `${folder}/${name}`])).toEqual(IMAGES);
  });
});

describe("what is verified before an installation", () => {
  it("is every image but the stand-ins, and the chart", async () => {
    const named = /for name in ([^;]+);/.exec(await readFile("SECURITY.md", "utf8"))?.[1]?.split(" ");
    const standIns: readonly string[] = ["simulator", "infrastructure"];
    const images = IMAGES.map(([name]) => name).filter((name) => !standIns.includes(name));
    expect(named).toEqual([...images, "charts/botfactory"]);
  });
});

describe("an image", () => {
  it("is built on one base that a build can pin by its digest", async () => {
    const dockerfile = await readFile("docker/Dockerfile", "utf8");
    const stages = [...dockerfile.matchAll(/^FROM \S+ AS (\S+)$/gm)].map(([, name]) => name);
    const bases = [...dockerfile.matchAll(/^FROM (\S+)|--from=(\S+)/gm)].map(([, base, from]) => base ?? from);
    expect(bases.length).toBeGreaterThan(0);
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Docker's own variable.
    expect(bases.filter((base) => base !== "${NODE_IMAGE}" && !stages.includes(base))).toEqual([]);
    expect(dockerfile).toMatch(/^ARG NODE_IMAGE=node:\S+$/m);
  });
});
