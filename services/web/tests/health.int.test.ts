import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { startConsole } from "./support/console.ts";
import { signingRealm } from "./support/realm.ts";

let realm: Awaited<ReturnType<typeof signingRealm>>;
let web: Awaited<ReturnType<typeof startConsole>>;
let stopping = new AbortController();
let isMongodbThere = true;

beforeAll(async () => {
  realm = await signingRealm();
  const readiness = {
    checks: { mongodb: () => isMongodbThere },
    get stopping() {
      return stopping.signal;
    },
  };
  web = await startConsole({ keycloak: realm.keycloak, readiness });
});
beforeEach(() => {
  isMongodbThere = true;
  stopping = new AbortController();
});
afterAll(async () => {
  await web.stop();
  await realm.stop();
});

// Not the name in PUBLIC_URL: a balancer asks by a pod's address.
const ask = (method = "GET") =>
  fetch(`${web.publicUrl.replace("127.0.0.1", "localhost")}/healthz`, { method, redirect: "manual" });

describe("a load balancer at the console's port", () => {
  it.each(["GET", "HEAD"])("is answered 200 to %s by whatever name it asks, and given no cookie", async (method) => {
    const { status, headers } = await ask(method);
    expect(status).toBe(200);
    expect(headers.get("set-cookie")).toBeNull();
    expect(headers.get("cache-control")).toBe("no-store");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
  });

  it("is answered 503 while the console cannot read sessions, without why", async () => {
    isMongodbThere = false;
    const response = await ask();
    expect([response.status, await response.text()]).toEqual([503, "not ready\n"]);
  });

  it("is answered 503 from the moment the process stops", async () => {
    expect((await ask()).status).toBe(200);
    stopping.abort();
    expect((await ask()).status).toBe(503);
  });

  it.each(["POST", "PUT", "DELETE"])("finds nothing there by %s, as elsewhere", async (method) => {
    expect((await ask(method)).status).toBe(404);
  });
});
