import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { Ingress } from "../src/start-ingress.ts";
import { post, type Stage, stage, until, updateOf } from "./stage.ts";

let scene: Stage;
let ingress: Ingress;
const stopping = new AbortController();

beforeAll(async () => {
  scene = await stage();
  ingress = await scene.start({}, stopping.signal);
});
afterAll(() => scene.close());

const ask = (method = "GET") => fetch(`http://127.0.0.1:${ingress.port}/healthz`, { method });

describe("a load balancer at the port of the webhooks", () => {
  it("is answered 200 while updates are taken, in one word and from no cache", async () => {
    const response = await ask();
    expect([response.status, await response.text()]).toEqual([200, "ready\n"]);
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect((await ask("HEAD")).status).toBe(200);
  });

  it.each(["POST", "PUT", "DELETE"])("finds nothing there by %s, as elsewhere", async (method) => {
    expect((await ask(method)).status).toBe(404);
  });

  it("takes no bot's path, whatever the bot is called", async () => {
    const { botId, secret } = await scene.register("healthz");
    await until(async () => (await post(ingress, botId, { secret, body: updateOf(1) })).status === 200);
  });

  it("is answered 503 while the process stops, and what is posted nevertheless is stored", async () => {
    const { botId, secret } = await scene.register("late");
    await until(async () => (await post(ingress, botId, { secret, body: updateOf(1) })).status === 200);
    stopping.abort();
    const response = await ask();
    expect([response.status, await response.text()]).toEqual([503, "not ready\n"]);
    expect((await post(ingress, botId, { secret, body: updateOf(2) })).status).toBe(200);
  });
});
