import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { simulatorClient } from "@botfactory/simulator";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { openPage, signIn, startChromium } from "../e2e/support/browser.ts";
import { LABELS } from "../e2e/support/console.ts";
import { keepPicture } from "../e2e/support/look.ts";
import { people } from "../e2e/support/people.ts";
import { until } from "../e2e/support/until.ts";
import { REPOSITORY } from "../setup/repository.ts";
import { runHealthChecks } from "./health-checks.ts";

const MINUTE = 60_000;
const PROJECT = "botfactory-compose-test";
const DEMO = ["Doʻkon yordamchisi", "Language tutor", "Учитель Python"];

/** What runs compose, and further files for images that stand in for the official ones. */
const [program = "docker", ...first] = (process.env["COMPOSE"] ?? "docker compose").split(" ");
const override = process.env["COMPOSE_OVERRIDE"];
const files = ["docker/compose.yaml", ...(override ? [override] : [])].flatMap((file) => ["-f", file]);

async function compose(...args: readonly string[]): Promise<string> {
  const all = [...first, "-p", PROJECT, ...files, ...args];
  const { stdout } = await promisify(execFile)(program, all, {
    cwd: REPOSITORY,
    env: { ...process.env, ...PORTS },
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout;
}

// Not the usual ports: something else may run on this machine.
const PORTS = {
  WEB_PORT: "18080",
  INGRESS_PORT: "18081",
  TELEGRAM_PORT: "18082",
  GEMINI_PORT: "18083",
  KEYCLOAK_PORT: "18084",
  NATS_PORT: "14222",
  NATS_MONITORING_PORT: "18222",
  MONGODB_PORT: "17017",
};
const WEB = `http://localhost:${PORTS.WEB_PORT}`;
const tokenEndpoint = `http://127.0.0.1:${PORTS.KEYCLOAK_PORT}/realms/botfactory/protocol/openid-connect/token`;
const users = people(WEB, { clientId: "botfactory-cli", tokenEndpoint });
const telegram = simulatorClient(`http://127.0.0.1:${PORTS.TELEGRAM_PORT}`);

/** The exit code of the one-shot that seeds, once it has ended. */
function seeded(): Promise<string> {
  return until(
    "the demo is seeded",
    async () => {
      const [state, code] = (await compose("ps", "--all", "--format", "{{.State}} {{.ExitCode}}", "demo"))
        .trim()
        .split(" ");
      return state === "exited" && code;
    },
    MINUTE,
  );
}

interface KnownBot {
  readonly name: string;
  readonly telegramUsername: string;
}

let healthChecks: ReturnType<typeof runHealthChecks> | undefined;

beforeAll(async () => {
  // podman without systemd has nobody who runs them.
  if (process.env["RUN_HEALTH_CHECKS"]) healthChecks = runHealthChecks(PROJECT);
  const begun = Date.now();
  await compose("up", "--detach");
  process.stderr.write(`  up after ${Math.round((Date.now() - begun) / 1_000)} s\n`);
}, 15 * MINUTE);
afterAll(async () => {
  await compose("down", "--volumes", "--timeout", "30");
  await healthChecks?.stop();
}, 3 * MINUTE);

describe("docker/compose.yaml", () => {
  it(
    "seeds the demo, once everything is healthy",
    async () => {
      expect(await seeded()).toBe("0");
      const owner = await users.owner("aziza");
      const { body } = await owner.call<{ bots: KnownBot[] }>("GET", "/bots");
      expect(body.bots.map(({ name }) => name).sort()).toEqual(DEMO);
    },
    2 * MINUTE,
  );

  it(
    "shows an owner her demo bots in a browser",
    async () => {
      const browser = await startChromium();
      try {
        const { page, complaints } = await openPage(
          await browser.newContext({ locale: "en", reducedMotion: "reduce" }),
        );
        await signIn(page, WEB, "aziza");
        await page.getByRole("heading", { name: LABELS.en.myBots }).waitFor();
        for (const name of DEMO) await page.getByText(name).first().waitFor();
        await keepPicture(page, "compose-my-bots");
        expect(complaints).toEqual([]);
      } finally {
        await browser.close();
      }
    },
    MINUTE,
  );

  it(
    "answers a message to a demo bot",
    async () => {
      const bot = (await telegram.bots()).find(({ username }) => username === "demo_tutor_bot");
      await telegram.user(1).send(bot?.id ?? 0, "Hello from compose");
      const [reply] = await telegram.waitForReply({ botId: bot?.id ?? 0, chatId: 1, count: 1, timeoutMs: 30_000 });
      expect(reply?.text).toContain("Hello from compose");
    },
    MINUTE,
  );

  it(
    "keeps secrets, owners and bots over a restart, and seeds nothing twice",
    async () => {
      await compose("down", "--timeout", "30");
      await compose("up", "--detach");
      expect(await seeded()).toBe("0");
      const owner = await users.owner("aziza");
      const { body } = await owner.call<{ bots: KnownBot[] }>("GET", "/bots");
      expect(body.bots.map(({ name }) => name).sort()).toEqual(DEMO);
      const bot = (await telegram.bots()).find(({ username }) => username === "demo_tutor_bot");
      await telegram.user(2).send(bot?.id ?? 0, "Are you still there?");
      const [reply] = await telegram.waitForReply({ botId: bot?.id ?? 0, chatId: 2, count: 1, timeoutMs: 60_000 });
      expect(reply?.text).toContain("Are you still there?");
    },
    10 * MINUTE,
  );
});
