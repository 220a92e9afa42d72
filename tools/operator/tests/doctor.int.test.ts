import { freePort, freshNats } from "@botfactory/infrastructure";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { doctor } from "../src/doctor/doctor.ts";
import { doctorReport } from "../src/doctor/report.ts";
import { bringPeoplesRealm, SECRETS, startInstallation } from "./doctor/installation.ts";
import { anotherAddressOf } from "./doctor/neighbours.ts";

const SLOW_MS = 240_000;

let healthy: Awaited<ReturnType<typeof startInstallation>>;
beforeAll(async () => {
  healthy = await startInstallation();
}, SLOW_MS);
afterAll(() => healthy?.stop(), SLOW_MS);

interface Asked {
  readonly changes?: NodeJS.ProcessEnv;
  readonly botToken?: string;
  readonly now?: () => number;
}

/** The doctor's findings by what they are about, in the healthy installation or one with changes. */
async function diagnose({ changes = {}, botToken, now = Date.now }: Asked = {}) {
  const diagnosis = await doctor({ env: { ...healthy.env, ...changes }, botToken, now });
  const said = JSON.stringify(diagnosis) + doctorReport(diagnosis.findings).join("\n");
  for (const secret of [...Object.values(SECRETS), healthy.bot.token]) expect(said).not.toContain(secret);
  const findings = Object.fromEntries(diagnosis.findings.map((finding) => [finding.what, finding]));
  const failing = diagnosis.findings.filter(({ verdict }) => verdict === "FAIL").map(({ what }) => what);
  expect(diagnosis.healthy).toBe(failing.length === 0);
  return { ...diagnosis, by: findings, failing, said };
}

const fails = (found: string, remedy: string) => ({
  verdict: "FAIL",
  found: expect.stringContaining(found),
  remedy: expect.stringContaining(remedy),
});

describe("a healthy installation", () => {
  it("passes every check", async () => {
    const { findings, by } = await diagnose();
    const at = healthy.env.NATS_MONITORING_URL;
    // Whether Keycloak tells its time depends on what stands before it.
    const told = findings.filter(({ what }) => what !== "clock beside Keycloak");
    expect(told.map(({ verdict, what }) => `${verdict} ${what}`)).toEqual([
      "PASS configuration",
      "PASS NATS",
      "PASS NATS version",
      "PASS NATS JetStream",
      "PASS NATS streams",
      "PASS clock beside NATS",
      `PASS NATS sync, ${at}`,
      `PASS NATS version, ${at}`,
      `PASS NATS store, ${at}`,
      "PASS MongoDB",
      "PASS MongoDB version",
      "PASS MongoDB writes",
      "PASS Keycloak",
      "PASS Keycloak issuer",
      "PASS Keycloak keys",
      "SKIP Keycloak clients",
      "PASS Telegram",
      "SKIP Telegram bot",
      'PASS Gemini key "first"',
      'PASS Gemini model by "first"',
    ]);
    expect(by["Keycloak issuer"]?.found).toBe(`${healthy.keycloak.url}/realms/botfactory`);
    expect(by["MongoDB version"]?.found).toMatch(/^(MongoDB|FerretDB) v?\d+\.\d+/);
  });

  it("costs no quota of the model", async () => {
    await diagnose();
    expect(healthy.gemini.requests()).toEqual([]);
  });
});

describe("NATS", () => {
  it("that does not sync and has no streams fails, and what to run is said", async () => {
    const server = await freshNats({ sync: "2m" });
    const changes = { NATS_URL: server.url, NATS_MONITORING_URL: server.monitoring };
    try {
      const { by, failing } = await diagnose({ changes });
      expect(failing).toEqual(["NATS streams", `NATS sync, ${server.monitoring}`]);
      expect(by[`NATS sync, ${server.monitoring}`]).toMatchObject(fails("before its disk", "sync_interval: always"));
      expect(by["NATS streams"]).toMatchObject(
        fails(
          "UPDATES, QUARANTINE, CONVERSATIONS, ACCOUNTS, QUOTAS, KEYS",
          "node services/ingress/bundle/provision.js && node services/conversation/bundle/provision.js && node services/bots/",
        ),
      );
      expect((await diagnose({ changes: { ...changes, NATS_SYNC: "unsynced" } })).failing).toEqual(["NATS streams"]);
    } finally {
      await server.stop();
    }
  });

  it("whose monitoring port is not named fails as it would stop the services", async () => {
    const changes = { NATS_MONITORING_URL: "" };
    expect((await diagnose({ changes })).by["NATS sync"]).toMatchObject(fails("not set", "NATS_SYNC=stated"));
    expect((await diagnose({ changes: { ...changes, NATS_SYNC: "stated" } })).failing).toEqual([]);
  });
});

describe("Keycloak", () => {
  it("without the realm fails, and the realm is named", async () => {
    const { by, failing } = await diagnose({ changes: { KEYCLOAK_REALM: "BotFactory" } });
    expect(failing).toEqual(["Keycloak"]);
    expect(by["Keycloak"]).toMatchObject(fails('no realm "BotFactory"', "KEYCLOAK_REALM"));
  });

  it("that calls itself by another address fails, and the right one is said", async () => {
    const other = await anotherAddressOf(healthy.keycloak.url);
    try {
      const { by, failing } = await diagnose({ changes: { KEYCLOAK_URL: other.url } });
      expect(failing).toEqual(["Keycloak issuer"]);
      const found = `services expect ${other.url}/realms/botfactory`;
      expect(by["Keycloak issuer"]).toMatchObject(fails(found, `KEYCLOAK_URL to ${healthy.keycloak.url} for all`));
    } finally {
      await other.stop();
    }
  });

  it("with the demo realm is told of on one machine, and fails where others reach it", async () => {
    const known = "botfactory-cli takes people's passwords, botfactory-web has the demo's secret";
    expect((await diagnose()).by["Keycloak clients"]).toMatchObject({
      verdict: "SKIP",
      found: `${known}: the demo realm, which is for one machine only`,
    });
    // Leads to this machine too, and is no loopback address. Keycloak calls itself as it is called.
    const reached = new URL(healthy.keycloak.url);
    reached.hostname = "0.0.0.0";
    const { by, failing } = await diagnose({ changes: { KEYCLOAK_URL: reached.origin } });
    expect(failing).toEqual(["Keycloak clients"]);
    expect(by["Keycloak clients"]).toMatchObject(fails(known, "deploy/keycloak/botfactory-realm.json"));
  });

  it("with the realm for people passes", async () => {
    await bringPeoplesRealm(healthy.keycloak.url, "people");
    const { by, failing } = await diagnose({ changes: { KEYCLOAK_REALM: "people" } });
    expect(failing).toEqual([]);
    expect(by["Keycloak clients"]).toMatchObject({ verdict: "PASS" });
  });
});

describe("the clock", () => {
  it("fails when this machine's is ten seconds ahead of NATS's and Keycloak's", async () => {
    const proxy = await anotherAddressOf(healthy.keycloak.url);
    try {
      const changes = { KEYCLOAK_URL: proxy.url };
      const right = await diagnose({ changes });
      const fast = await diagnose({ changes, now: () => Date.now() + 10_000 });
      for (const clock of ["clock beside NATS", "clock beside Keycloak"]) {
        expect(right.by[clock]).toMatchObject({ verdict: "PASS" });
        expect(fast.by[clock]).toMatchObject(fails("s ahead", "NTP"));
      }
    } finally {
      await proxy.stop();
    }
  });
});

describe("MongoDB", () => {
  it("whose address names no database fails: documents would go to another", async () => {
    const url = new URL(healthy.env.MONGODB_URL);
    url.pathname = "/";
    const { failing, by } = await diagnose({ changes: { MONGODB_URL: url.href } });
    expect(failing).toEqual(["MongoDB writes"]);
    expect(by["MongoDB writes"]).toMatchObject(fails("names no database", "in the path"));
  });
});

describe("Telegram", () => {
  const deadWebhook = async () => `http://127.0.0.1:${await freePort()}/telegram/webhook/doctors_bot`;

  it("says who a token belongs to, and that its bot has no webhook", async () => {
    const { by, failing } = await diagnose({ botToken: `${healthy.bot.token}\n` });
    expect(failing).toEqual(["Telegram webhook"]);
    expect(by["Telegram bot"]).toMatchObject({ verdict: "PASS", found: `@doctors_bot (${healthy.bot.id})` });
    expect(by["Telegram webhook"]).toMatchObject(fails("none is set", "Set Webhook"));
  });

  it("passes a webhook without an error, and fails one that updates wait for", async () => {
    const { bot, simulator, env } = healthy;
    const url = await deadWebhook();
    await fetch(`${env.TELEGRAM_API_ROOT}/bot${bot.token}/setWebhook?url=${encodeURIComponent(url)}`);
    const before = await diagnose({ botToken: bot.token });
    expect(before.by["Telegram webhook"]).toMatchObject({ verdict: "PASS", found: `${url}, 0 updates wait, no error` });
    await simulator.user(7).send(bot.id, "is anybody there?");
    await simulator.waitForLedger({ kind: "delivery", botId: bot.id });
    const after = await diagnose({ botToken: bot.token });
    expect(after.failing).toEqual(["Telegram webhook"]);
    expect(after.by["Telegram webhook"]).toMatchObject(fails("1 updates wait, last error 20", "webhooks.md"));
  });

  it("refuses a revoked token, and a file that holds none", async () => {
    const other = await healthy.simulator.createBot({ username: "revoked_bot" });
    await healthy.simulator.bot(other.id).revoke();
    const { by, said } = await diagnose({ botToken: other.token });
    expect(by["Telegram bot"]).toMatchObject(fails("401 Unauthorized", "@BotFather"));
    expect(said).not.toContain(other.token);
    expect((await diagnose({ botToken: "no token at all" })).failing).toEqual(["Telegram bot"]);
  });

  it("fails where something else than the Bot API answers", async () => {
    const { by } = await diagnose({ changes: { TELEGRAM_API_ROOT: healthy.keycloak.url } });
    expect(by["Telegram"]).toMatchObject(fails("not as the Bot API does", "TELEGRAM_API_ROOT"));
  });
});

describe("Gemini", () => {
  it("names the project whose key is refused, and not the key", async () => {
    const keys = `first=${SECRETS.firstKey},second=${SECRETS.wrongKey}`;
    const { by, failing } = await diagnose({ changes: { GOOGLE_API_KEY: keys } });
    expect(failing).toEqual(['Gemini key "second"']);
    expect(by['Gemini key "second"']).toMatchObject(fails("400 API_KEY_INVALID", 'project "second"'));
  });

  it("fails for a model that there is no more, and is skipped without a key", async () => {
    const { by } = await diagnose({ changes: { GEMINI_MODEL: "gemini-1.0-pro" } });
    expect(by['Gemini model by "first"']).toMatchObject(fails("no gemini-1.0-pro", "GEMINI_MODEL"));
    expect((await diagnose({ changes: { GOOGLE_API_KEY: "" } })).by["Gemini"]).toMatchObject({ verdict: "SKIP" });
  });
});
