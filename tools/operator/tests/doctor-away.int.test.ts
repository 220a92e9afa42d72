import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort } from "@botfactory/infrastructure";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type Diagnosis, doctor } from "../src/doctor/doctor.ts";
import { silentServer } from "./doctor/neighbours.ts";

const repository = resolve(fileURLToPath(import.meta.url), "../../../..");
const TOKEN = "123456789:AAabcdefghijklmnopqrstuvwxyz0123456";
const KEY = "a-key-of-google";
const PASSWORD = "pa55word";
const SLOW_MS = 60_000;
// Five seconds for each, side by side, and room for a machine that has other work.
const ENDS_WITHIN_MS = 15_000;

let directory: string;
let silent: Awaited<ReturnType<typeof silentServer>>;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "botfactory-doctor-"));
  silent = await silentServer();
});
afterAll(async () => {
  await silent.stop();
  await rm(directory, { recursive: true, force: true });
});

/** Every dependency at one port of this machine. */
const everythingAt = (port: number) => ({
  NATS_URL: `nats://doctor:${PASSWORD}@127.0.0.1:${port}`,
  NATS_MONITORING_URL: `http://127.0.0.1:${port}`,
  MONGODB_URL: `mongodb://doctor:${PASSWORD}@127.0.0.1:${port}/botfactory`,
  KEYCLOAK_URL: `http://127.0.0.1:${port}`,
  KEYCLOAK_REALM: "botfactory",
  TELEGRAM_API_ROOT: `http://127.0.0.1:${port}`,
  GEMINI_BASE_URL: `http://127.0.0.1:${port}`,
  GOOGLE_API_KEY: `first=${KEY}`,
});

const verdicts = ({ findings }: Diagnosis) => findings.map(({ verdict, what }) => `${verdict} ${what}`);
const allAway = (port: number) => [
  "PASS configuration",
  "FAIL NATS",
  `FAIL NATS sync, http://127.0.0.1:${port}`,
  `FAIL NATS version, http://127.0.0.1:${port}`,
  `FAIL NATS store, http://127.0.0.1:${port}`,
  "FAIL MongoDB",
  "FAIL Keycloak",
  "FAIL Telegram",
  "FAIL Telegram bot",
  "FAIL Telegram webhook",
  'FAIL Gemini key "first"',
  'FAIL Gemini model by "first"',
];

/** The command itself, as `make doctor` runs it. */
function runDoctor(env: NodeJS.ProcessEnv, ...more: readonly string[]) {
  const program = join(repository, "tools", "operator", "dist", "main.js");
  return new Promise<{ code: number; output: string }>((done) => {
    execFile(process.execPath, [program, "doctor", ...more], { env }, (error, stdout, stderr) => {
      done({ code: error === null ? 0 : Number(error.code), output: stdout + stderr });
    });
  });
}

describe("dependencies that are away", () => {
  it(
    "each fail with a remedy, and none keeps the others from being asked",
    async () => {
      const port = await freePort();
      const diagnosis = await doctor({ env: everythingAt(port), botToken: TOKEN, now: Date.now });
      expect(verdicts(diagnosis)).toEqual(allAway(port));
      expect(diagnosis.findings.filter((finding) => finding.verdict === "FAIL" && !finding.remedy)).toEqual([]);
      expect(JSON.stringify(diagnosis)).toContain("ECONNREFUSED");
    },
    SLOW_MS,
  );

  it(
    "that take the connection and then say nothing do not hold the doctor up",
    async () => {
      const begun = performance.now();
      const diagnosis = await doctor({ env: everythingAt(silent.port), botToken: TOKEN, now: Date.now });
      expect(performance.now() - begun).toBeLessThan(ENDS_WITHIN_MS);
      expect(verdicts(diagnosis)).toEqual(allAway(silent.port));
    },
    SLOW_MS,
  );
});

describe("an address of MongoDB that cannot be read", () => {
  it(
    "fails with the cause and without the password in it",
    async () => {
      const MONGODB_URL = "mongodb://doctor:sh/ort@127.0.0.1:1/botfactory";
      const env = { ...everythingAt(await freePort()), MONGODB_URL };
      const { findings } = await doctor({ env, now: Date.now });
      const found = "Password contains unescaped characters";
      expect(findings).toContainEqual(expect.objectContaining({ what: "MongoDB", verdict: "FAIL", found }));
      expect(JSON.stringify(findings)).not.toContain("sh/ort");
    },
    SLOW_MS,
  );
});

describe("the command", () => {
  it(
    "ends with code 1 and lines with remedies, without a secret in them",
    async () => {
      const file = join(directory, "token");
      await writeFile(file, `${TOKEN}\n`);
      const env = everythingAt(await freePort());
      const { code, output } = await runDoctor(env, "--bot-token-file", file);
      expect(code).toBe(1);
      expect(output).toMatch(/^FAIL {2}NATS: 127\.0\.0\.1:\d+: .*\n {6}-> start NATS/m);
      expect(output).toMatch(/^1 passed, 11 failed, 0 skipped$/m);
      for (const secret of [TOKEN, KEY, PASSWORD]) expect(output).not.toContain(secret);
    },
    SLOW_MS,
  );

  it(
    "looks at the bot of BOT_TOKEN_FILE where that file is, and at one that is named where it must be",
    async () => {
      const missing = join(directory, "missing");
      await writeFile(join(directory, "mounted"), TOKEN);
      const env = everythingAt(await freePort());
      const mounted = await runDoctor({ ...env, BOT_TOKEN_FILE: join(directory, "mounted") });
      expect(mounted.output).toMatch(/^FAIL {2}Telegram bot: /m);
      const without = await runDoctor({ ...env, BOT_TOKEN_FILE: missing });
      expect(without.output).toMatch(/^SKIP {2}Telegram bot: .*BOT_TOKEN_FILE/m);
      const named = await runDoctor(env, "--bot-token-file", missing);
      expect(named).toMatchObject({ code: 1, output: expect.stringContaining("ENOENT") });
    },
    SLOW_MS,
  );

  it(
    "prints JSON, tells a bad variable by its name alone and asks the rest",
    async () => {
      const env = { ...everythingAt(await freePort()), KEYCLOAK_URL: `ldap://doctor:${PASSWORD}@there` };
      const { code, output } = await runDoctor(env, "--json");
      expect(code).toBe(1);
      const { healthy, findings } = JSON.parse(output);
      expect(healthy).toBe(false);
      expect(findings[0]).toMatchObject({ verdict: "FAIL", found: "KEYCLOAK_URL: must be an http(s) URL" });
      expect(findings).toContainEqual(expect.objectContaining({ what: "NATS", verdict: "FAIL" }));
      expect(output).not.toContain(PASSWORD);
    },
    SLOW_MS,
  );
});
