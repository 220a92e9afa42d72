import { afterEach, describe, expect, it } from "@jest/globals";
import { type AdminServer, adminServer } from "../src/index.ts";
import { startMetrics } from "../src/metrics-telemetry.ts";
import { setTelemetry } from "../src/telemetry-state.ts";

const opened: AdminServer[] = [];
const open = async (options: Omit<Parameters<typeof adminServer>[0], "port">) => {
  const server = await adminServer({ ...options, port: 0 });
  opened.push(server);
  return async (path: string) => {
    const response = await fetch(`http://127.0.0.1:${server.port}${path}`);
    return { status: response.status, body: await response.text() };
  };
};
afterEach(async () => {
  for (const server of opened.splice(0)) await server.close();
});

const down = () => Promise.reject(new Error("mongodb://root:hunter2@db is down"));
const stuck = () => new Promise(() => undefined);

describe("the admin port", () => {
  it("says that the process lives, whatever its neighbours do", async () => {
    const get = await open({ checks: { mongodb: down } });
    expect((await get("/healthz")).status).toBe(200);
  });

  it("is ready when every check passes", async () => {
    const get = await open({ checks: { nats: () => true, mongodb: async () => undefined } });
    expect(await get("/readyz")).toEqual({ status: 200, body: '{"status":"ready"}\n' });
  });

  it("names the checks that fail, throw or hang, and nothing they say", async () => {
    const get = await open({ checks: { nats: () => false, mongodb: down, keycloak: stuck, fine: () => true } });
    expect(await get("/readyz")).toEqual({
      status: 503,
      body: '{"status":"not ready","failing":["nats","mongodb","keycloak"]}\n',
    });
  });

  it("is not ready from the moment the process stops", async () => {
    const stopping = new AbortController();
    const get = await open({ checks: {}, stopping: stopping.signal });
    expect((await get("/readyz")).status).toBe(200);
    stopping.abort();
    expect(await get("/readyz")).toEqual({ status: 503, body: '{"status":"not ready","failing":["stopping"]}\n' });
  });

  it("tells Prometheus whether it is ready", async () => {
    const metrics = startMetrics({});
    setTelemetry(metrics);
    let isThere = false;
    const get = await open({ checks: { log: () => isThere } });
    const ready = async () => /^botfactory_ready\S* (\d)$/m.exec((await get("/metrics")).body)?.[1];
    expect(await ready()).toBe("0");
    isThere = true;
    expect(await ready()).toBe("1");
    await metrics.shutdown();
  });

  it("has no other page", async () => {
    const get = await open({ checks: {} });
    expect((await get("/")).status).toBe(404);
  });
});
