import { setTimeout as pause } from "node:timers/promises";
import { type SimulatorClient, simulatorClient } from "@botfactory/simulator";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { markedText } from "../chaos/chat-history.ts";
import { check } from "../chaos/checker.ts";
import { type ConnectedBot, choosePlan, connectBot } from "../e2e/support/bots.ts";
import { openPage, signIn, startChromium } from "../e2e/support/browser.ts";
import { LABELS } from "../e2e/support/console.ts";
import { keepPicture } from "../e2e/support/look.ts";
import { people } from "../e2e/support/people.ts";
import { until } from "../e2e/support/until.ts";
import { edgesOf, startPod, type Target } from "./edges.ts";
import { install, print, type Release } from "./release.ts";

const MINUTE = 60_000;
const FIVE = ["ingress", "bots", "ai", "conversation", "web"];
const WEB = "http://localhost:8080";
const KEYCLOAK = "http://keycloak.localhost:8084";
const TELEGRAM = "http://127.0.0.1:8082";
const CHATS = 20;
const A_SECOND = 5;

let release: Release & { readonly said: string };
let telegram: SimulatorClient;
let bot: ConnectedBot;
let marker = 0;

beforeAll(async () => {
  const namespace = process.env["CLUSTER_NAMESPACE"] ?? "botfactory-test";
  const more = (process.env["HELM_ARGS"] ?? "").split(" ").filter(Boolean);
  const begun = Date.now();
  release = await install({ namespace, more });
  process.stderr.write(`  installed and ready after ${Math.round((Date.now() - begun) / 1_000)} s\n`);
}, 12 * MINUTE);
afterAll(async () => {
  await release?.stop();
  await print("kubectl", "delete", "namespace", release?.namespace ?? "", "--wait=false").catch(() => undefined);
}, MINUTE);

/** People write all the while, and what Telegram saw of it is judged when the rest is answered. */
async function underLoad(work: () => Promise<void>) {
  const since = (await telegram.ledger()).at(-1)?.seq ?? 0;
  let isOver = false;
  const writing = (async () => {
    while (!isOver) {
      marker += 1;
      await telegram.user(1 + (marker % CHATS)).send(bot.telegramId, markedText(marker));
      await pause(1_000 / A_SECOND);
    }
  })();
  await work();
  isOver = true;
  await writing;
  await telegram.bot(bot.telegramId).waitUntilIdle(3 * MINUTE);
  await until(
    "all is answered",
    async () => {
      const { lost, unknown } = check(await telegram.ledger({ since }));
      return lost.length + unknown.length === 0;
    },
    2 * MINUTE,
  );
  const { updates, lost, unknown, outOfOrder, duplicated, refusedPosts } = check(await telegram.ledger({ since }));
  const seen = { lost, unknown, outOfOrder, duplicated: duplicated.length, refusedPosts: refusedPosts.length };
  process.stderr.write(`  ${JSON.stringify({ updates, ...seen })}\n`);
  return { updates, ...seen };
}

const PUBLIC: readonly Target[] = ["ingress:8080", "web:8080", "keycloak:8084", "telegram:8082", "gemini:8083"];
const ADMIN = FIVE.map((service): Target => `${service}:9090`);
const NATS: readonly Target[] = ["nats:4222", "nats:8222"];
const CALLED: readonly Target[] = ["bots:50051", "ai:50052", "conversation:50053"];
const EVERYTHING: readonly Target[] = [...PUBLIC, ...ADMIN, ...NATS, ...CALLED, "mongodb:27017"];
/** Who goes where, and nowhere else. */
const EDGES: readonly [who: string, where: readonly Target[]][] = [
  ["deploy/botfactory-ingress", NATS],
  ["deploy/botfactory-bots", [...NATS, "mongodb:27017", "keycloak:8084", "telegram:8082"]],
  ["deploy/botfactory-ai", [...NATS, "mongodb:27017", "keycloak:8084", "gemini:8083"]],
  [
    "deploy/botfactory-conversation",
    [...NATS, "mongodb:27017", "keycloak:8084", "telegram:8082", "bots:50051", "ai:50052"],
  ],
  ["deploy/botfactory-web", [...CALLED, "mongodb:27017", "keycloak:8084"]],
  ["deploy/botfactory-telegram", ["ingress:8080"]],
  ["deploy/botfactory-gemini", []],
  ["pod/helm-test", [...PUBLIC, ...ADMIN]],
  ["pod/stranger", PUBLIC],
];

const CLEAN = { lost: [], unknown: [], outOfOrder: [] };

async function restartsOf(): Promise<number> {
  const pods = await release.kubectl(
    "get",
    "pods",
    "-o",
    "jsonpath={.items[*].status.containerStatuses[*].restartCount}",
  );
  return pods.split(" ").reduce((sum, count) => sum + Number(count), 0);
}

describe("the chart on a cluster", () => {
  it("is admitted under PodSecurity restricted without a warning, and its Job has declared what NATS keeps", async () => {
    expect(release.said).not.toMatch(/would violate PodSecurity|[Ww]arning/);
    expect(release.said).toContain("helm test botfactory");
    await until("the Job is done", async () => {
      const done = await release.kubectl("get", "jobs", "-o", "jsonpath={.items[*].status.succeeded}");
      return done === "1";
    });
  });

  it(
    "passes helm test: one message is answered",
    async () => {
      const said = await release.helm("test", "botfactory", "--timeout", "5m");
      expect(said).toMatch(/TEST SUITE:\s+botfactory-test[\s\S]*Phase:\s+Succeeded/);
    },
    6 * MINUTE,
  );

  it(
    "shows the console in a browser, by the port-forwards its notes name",
    async () => {
      await release.forward("botfactory-web", 8080);
      await release.forward("botfactory-keycloak", 8084);
      await release.forward("botfactory-telegram", 8082);
      const browser = await startChromium();
      try {
        const context = await browser.newContext({ locale: "en", reducedMotion: "reduce" });
        const { page, complaints } = await openPage(context);
        await signIn(page, WEB, "aziza");
        await page.getByRole("heading", { name: LABELS.en.myBots }).waitFor();
        await keepPicture(page, "cluster-my-bots");
        expect(complaints).toEqual([]);
      } finally {
        await browser.close();
      }
    },
    2 * MINUTE,
  );

  it(
    "answers people",
    async () => {
      telegram = simulatorClient(TELEGRAM);
      const tokenEndpoint = `${KEYCLOAK.replace("keycloak.localhost", "127.0.0.1")}/realms/botfactory/protocol/openid-connect/token`;
      const users = people(WEB, { clientId: "botfactory-cli", tokenEndpoint });
      const owner = await users.owner("aziza");
      await choosePlan({ people: users }, owner, "premium");
      bot = await connectBot({ telegram }, owner);
      expect(await underLoad(() => pause(5_000))).toMatchObject({ ...CLEAN, duplicated: 0, refusedPosts: 0 });
    },
    5 * MINUTE,
  );

  it.each([
    ["doctor", / 0 failed/],
    ["audit", /the log is intact/],
    ["quarantine", /0 shown, 0 in QUARANTINE/],
  ])(
    "is looked after by Jobs made from its suspended CronJobs: %s",
    async (command, expected) => {
      const said = await release.jobFrom(`botfactory-${command}`);
      process.stderr.write(said);
      expect(said).toMatch(expected);
    },
    3 * MINUTE,
  );

  it(
    "lets each pod go where it has to, and nowhere else",
    async () => {
      const ours = { "app.kubernetes.io/name": "botfactory", "app.kubernetes.io/instance": "botfactory" };
      await startPod(release, "helm-test", { ...ours, "app.kubernetes.io/component": "test" });
      await startPod(release, "stranger", {});
      const reachedFrom = await edgesOf(release);
      const seen = EDGES.map(async ([who]) => {
        const others = EVERYTHING.filter((target) => !who.endsWith(`-${target.split(":")[0]}`));
        return [who, (await reachedFrom(who, others)).sort()];
      });
      expect(await Promise.all(seen)).toEqual(EDGES.map(([who, where]) => [who, [...where].sort()]));
      await release.kubectl("delete", "pod", "helm-test", "stranger", "--grace-period=1");
    },
    3 * MINUTE,
  );

  it(
    "is upgraded under load: nothing lost, doubled, out of order or refused",
    async () => {
      const upgrade = () => release.upgrade("--set", `defaults.podAnnotations.upgraded=at-${Date.now()}`);
      const seen = await underLoad(async () => void (await upgrade()));
      expect(seen).toMatchObject({ ...CLEAN, duplicated: 0, refusedPosts: 0 });
      expect(seen.updates).toBeGreaterThan(20);
    },
    12 * MINUTE,
  );

  it(
    "grows from one conversation to three under load: nothing lost, doubled or out of order",
    async () => {
      const seen = await underLoad(async () => {
        await release.kubectl("scale", "deployment/botfactory-conversation", "--replicas=3");
        await release.kubectl("rollout", "status", "deployment/botfactory-conversation", "--timeout=5m");
        await pause(20_000);
      });
      expect(seen).toMatchObject({ ...CLEAN, duplicated: 0, refusedPosts: 0 });
    },
    10 * MINUTE,
  );

  it(
    "loses nothing when pods of every service are killed under load",
    async () => {
      const seen = await underLoad(async () => {
        for (const service of FIVE) {
          const of = `app.kubernetes.io/component=${service}`;
          const [pod] = (
            await release.kubectl("get", "pods", "-l", of, "-o", "jsonpath={.items[*].metadata.name}")
          ).split(" ");
          await release.kubectl("delete", "pod", pod ?? "", "--grace-period=0", "--force");
          await release.kubectl("rollout", "status", `deployment/botfactory-${service}`, "--timeout=3m");
        }
      });
      expect(seen).toMatchObject(CLEAN);
      // A kill between Telegram's acceptance and the note of it repeats an answer; one conversation was killed.
      expect(seen.duplicated).toBeLessThanOrEqual(CHATS);
      expect(await restartsOf()).toBe(0);
    },
    15 * MINUTE,
  );

  it(
    "leaves its data and nothing else when it is uninstalled",
    async () => {
      await release.helm("uninstall", "botfactory", "--wait", "--timeout", "3m");
      const kinds =
        "deployments,statefulsets,jobs,pods,services,configmaps,secrets,serviceaccounts,networkpolicies,persistentvolumeclaims";
      const left = async () => {
        const names = await release.kubectl("get", kinds, "-l", "app.kubernetes.io/instance=botfactory", "-o", "name");
        return names.trim().split("\n").sort();
      };
      await until("pods have ended", async () => (await left()).every((name) => !name.startsWith("pod/")), 2 * MINUTE);
      expect(await left()).toEqual([
        "persistentvolumeclaim/botfactory-keycloak",
        "persistentvolumeclaim/data-botfactory-mongodb-0",
        "persistentvolumeclaim/data-botfactory-nats-0",
      ]);
    },
    5 * MINUTE,
  );
});
