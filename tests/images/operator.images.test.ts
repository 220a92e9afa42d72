import { chmod, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freshNats, type StartedNats, startMongodb } from "@botfactory/infrastructure";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { provisionAll } from "../../tools/cli/src/provision-all.ts";
import { REPOSITORY } from "../setup/repository.ts";
import { buildImages, imageNamed } from "./build.ts";
import { STRICT } from "./container.ts";
import { engine } from "./engine.ts";

const MINUTE = 60_000;
const image = imageNamed("operator");

let directory: string;
let nats: StartedNats;
let empty: StartedNats;
let mongodb: Awaited<ReturnType<typeof startMongodb>>;

beforeAll(async () => {
  await buildImages("first", "operator");
  directory = await mkdtemp(join(tmpdir(), "botfactory-operator-"));
  // The container's user is nobody of this machine.
  await chmod(directory, 0o777);
  [nats, empty, mongodb] = await Promise.all([freshNats(), freshNats({ sync: "2m" }), startMongodb()]);
  await provisionAll(REPOSITORY, { ...process.env, NATS_URL: nats.url, NATS_SYNC: "unsynced", LOG_LEVEL: "warn" });
}, 30 * MINUTE);
afterAll(async () => {
  await Promise.all([nats?.stop(), empty?.stop(), mongodb?.stop()]);
  await rm(directory, { recursive: true, force: true });
}, MINUTE);

interface Run {
  readonly env?: Readonly<Record<string, string>>;
  readonly options?: readonly string[];
}

/** What a container of the operator said that ran with these words, as strictly as in the chart; and its exit code. */
async function operator(words: readonly string[], { env = {}, options = [] }: Run = {}) {
  const variables = Object.entries(env).flatMap(([name, value]) => ["--env", `${name}=${value}`]);
  const run = ["run", "--rm", "--network=host", ...STRICT, ...variables, ...options, image, ...words];
  return engine(...run).then(
    (said) => ({ said, code: 0 }),
    ({ stdout, stderr, code }: { stdout: string; stderr: string; code: number }) => ({ said: stdout + stderr, code }),
  );
}

const asNode = (program: string) => operator(["-e", program], { options: ["--entrypoint=node"] });
const documents = () => `${mongodb.url.replace(/\/?$/, "")}/operator_images`;

describe("the operator in a container", () => {
  it("tells its commands, asked or not, and also to a shell inside", async () => {
    const inShell = await operator(["-c", "botfactory --help"], { options: ["--entrypoint=sh"] });
    for (const { said, code } of [await operator(["--help"]), await operator([]), inShell]) {
      expect(code).toBe(0);
      for (const command of ["doctor", "audit", "backup", "restore", "rewrap-keys", "accept-rollback"])
        expect(said).toMatch(new RegExp(`^ {2}${command}\\b`, "m"));
      expect(said).not.toMatch(/^ {2}(up|down|tunnel|reference)\b/m);
    }
  });

  it("is nobody special, and cannot write", async () => {
    const { said } = await asNode(
      `try { require("node:fs").writeFileSync("/tmp/written", "") } catch ({ code }) { console.log(process.getuid(), code) }`,
    );
    expect(said).toBe("1000 EROFS");
  });

  it("says at once that no NATS is there, and what to do", async () => {
    const { said, code } = await operator(["audit"], { env: { NATS_URL: "nats://127.0.0.1:1" } });
    expect(code).toBe(1);
    expect(said).toMatch(/^error: NATS at 127\.0\.0\.1:1: .*; correct NATS_URL/m);
  });

  it("asks a real NATS and a real database as the doctor", async () => {
    const env = { NATS_URL: nats.url, NATS_SYNC: "stated", MONGODB_URL: documents() };
    const { said, code } = await operator(["doctor"], { env });
    expect(said).toMatch(/^PASS {2}NATS: connected/m);
    expect(said).toMatch(/^PASS {2}NATS streams: all 6 are there/m);
    expect(said).toMatch(/^PASS {2}MongoDB writes/m);
    // There is no Keycloak.
    expect(said).toMatch(/^FAIL {2}Keycloak: KEYCLOAK_URL is not set/m);
    expect(code).toBe(1);
  });

  it(
    "takes its words from a variable too, backs up, restores and audits what it restored",
    async () => {
      const options = ["--volume", `${directory}:/backups`];
      const BOTFACTORY_COMMAND = "backup /backups/now";
      const backup = await operator([], { env: { NATS_URL: nats.url, BOTFACTORY_COMMAND }, options });
      expect(backup).toMatchObject({ code: 0, said: expect.stringContaining("✓ backup in /backups/now") });
      expect(await readdir(join(directory, "now"))).toContain("backup.json");

      const env = { NATS_URL: empty.url, MONGODB_URL: documents() };
      const restored = await operator(["restore", "/backups/now"], { env, options });
      expect(restored).toMatchObject({ code: 0, said: expect.stringContaining("✓ restored the log") });
      expect(await operator(["audit"], { env })).toMatchObject({
        code: 0,
        said: expect.stringContaining("the log is intact"),
      });
    },
    MINUTE,
  );
});
