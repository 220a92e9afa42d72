import { randomBytes } from "node:crypto";
import { freePort } from "@botfactory/infrastructure";
import { Plan } from "@botfactory/proto/events/v1/account";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { z } from "zod";
import { tcpProxy } from "../../../tests/chaos/tcp-proxy.ts";
import { until } from "../../../tests/e2e/support/until.ts";
import { collector } from "./support/collector.ts";
import { ownDatabase } from "./support/console.ts";
import { signingRealm } from "./support/realm.ts";
import { standInServices } from "./support/stand-in-services.ts";
import { webProcess } from "./support/web-process.ts";

const CODE = "canary-code-of-a-sign-in";
const SERVER = 2;
const CLIENT = 3;
const SLOW_MS = 60_000;

let realm: Awaited<ReturnType<typeof signingRealm>>;
let services: Awaited<ReturnType<typeof standInServices>>;
let otlp: Awaited<ReturnType<typeof collector>>;

beforeAll(async () => {
  realm = await signingRealm();
  otlp = await collector();
  services = await standInServices(realm.keycloak, {
    bots: { getAccount: async () => ({ ownerId: "owner-a", plan: Plan.FREE }) },
  });
});
afterAll(async () => {
  await services.stop();
  await otlp.stop();
  await realm.stop();
});

function environment(): Record<string, string> {
  const { urls } = services;
  return {
    PORT: "0",
    ADMIN_PORT: "0",
    MONGODB_URL: ownDatabase(),
    KEYCLOAK_URL: realm.keycloak.url,
    KEYCLOAK_REALM: realm.keycloak.realm,
    KEYCLOAK_CLIENT_ID: realm.keycloak.clientId,
    KEYCLOAK_CLIENT_SECRET: "canary-client-secret",
    SESSION_SECRET: randomBytes(32).toString("hex"),
    BOTS_URL: urls.botsUrl,
    AI_URL: urls.aiUrl,
    CONVERSATION_URL: urls.conversationUrl,
    OTEL_EXPORTER_OTLP_ENDPOINT: otlp.url,
  };
}

describe("the process of web", () => {
  it(
    "answers probes, traces requests on to the services, tells no secret, and ends when asked to",
    async () => {
      const web = webProcess(environment());
      const { port, adminPort } = await web.ready;
      const status = async (url: string, headers = {}) => (await fetch(url, { headers, redirect: "manual" })).status;
      const token = await realm.token();
      const statuses = [
        await status(`http://127.0.0.1:${adminPort}/healthz`),
        await status(`http://127.0.0.1:${adminPort}/readyz`),
        await status(`http://127.0.0.1:${port}/api/v1/me`, { authorization: `Bearer ${token}` }),
        await status(`http://localhost:${port}/callback?state=x&code=${CODE}`),
      ];
      web.stop();
      expect(await web.ended()).toBe(0);
      expect(statuses).toEqual([200, 200, 200, 307]);

      const served = otlp.spans().find(({ name, kind }) => kind === SERVER && name === "GET /api/v1/me");
      const asked = otlp.spans().find(({ name, kind }) => kind === CLIENT && name.endsWith("BotsService/GetAccount"));
      expect(served).toBeDefined();
      expect(asked).toMatchObject({ traceId: served?.traceId, parentSpanId: served?.spanId });
      expect(web.output()).toContain('"path":"/callback"');
      for (const secret of [CODE, token, "canary-client-secret"]) {
        expect(web.output()).not.toContain(secret);
        expect(otlp.text()).not.toContain(secret);
      }
    },
    SLOW_MS,
  );

  it(
    "starts while MongoDB is away, says so with a remedy, and is ready once it is there",
    async () => {
      const direct = new URL(ownDatabase());
      const way = await tcpProxy(Number(direct.port));
      way.cut(Number.POSITIVE_INFINITY);
      const detour = Object.assign(new URL(direct), { port: `${way.port}` });
      const web = webProcess({ ...environment(), MONGODB_URL: detour.href });
      const { port, adminPort } = await web.ready;
      const get = (url: string) => fetch(url, { headers: { "accept-language": "en" }, redirect: "manual" });
      const readiness = async () => (await get(`http://127.0.0.1:${adminPort}/readyz`)).status;
      const told = async () => (await get(`http://127.0.0.1:${port}/healthz`)).status;
      const me = await get(`http://localhost:${port}/api/v1/me`);
      const before = [
        (await get(`http://127.0.0.1:${adminPort}/healthz`)).status,
        await readiness(),
        await told(),
        me.status,
      ];
      const { code, remedy } = z.object({ code: z.string(), remedy: z.string() }).parse(await me.json());

      way.cut(0);
      await until("web is ready", async () => (await readiness()) === 200);
      const after = [await told(), (await get(`http://localhost:${port}/api/v1/me`)).status];
      web.stop();
      expect(await web.ended()).toBe(0);
      await way.close();
      expect(before).toEqual([200, 503, 503, 503]);
      expect({ code, remedy }).toEqual({ code: "unavailable", remedy: "Nothing is lost. Try again in a minute." });
      expect(after).toEqual([200, 401]);
      expect(web.output()).not.toContain('"/healthz"');
    },
    SLOW_MS,
  );

  it(
    "counts sign-ins that end at a Keycloak that is away, and those that are refused",
    async () => {
      const [port, nobody] = [await freePort(), await freePort()];
      const publicUrl = `http://localhost:${port}`;
      const more = { PORT: `${port}`, PUBLIC_URL: publicUrl, KEYCLOAK_URL: `http://127.0.0.1:${nobody}` };
      const web = webProcess({ ...environment(), ...more });
      const { adminPort } = await web.ready;
      const status = async (path: string) => (await fetch(`${publicUrl}${path}`, { redirect: "manual" })).status;
      const statuses = [await status("/login"), await status("/callback?state=of-nobody&code=x")];
      const shown = await (await fetch(`http://127.0.0.1:${adminPort}/metrics`)).text();
      web.stop();
      await web.ended();
      expect(statuses).toEqual([503, 400]);
      const counts = shown.split("\n").filter((line) => line.startsWith("botfactory_web_sign_ins_total{"));
      expect(counts.map((line) => [/outcome="(\w+)"/.exec(line)?.[1], Number(line.split(" ").at(-1))])).toEqual([
        ["completed", 0],
        ["refused", 1],
        ["unavailable", 1],
      ]);
    },
    SLOW_MS,
  );

  it(
    "does not start without its settings and names them all",
    async () => {
      const web = webProcess({});
      expect(await web.ended()).not.toBe(0);
      for (const name of ["MONGODB_URL", "KEYCLOAK_URL", "SESSION_SECRET", "BOTS_URL"])
        expect(web.output()).toContain(name);
    },
    SLOW_MS,
  );
});
