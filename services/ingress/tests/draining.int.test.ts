import { once } from "node:events";
import { Agent, request } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { stage, until } from "./stage.ts";

let scene: Awaited<ReturnType<typeof stage>>;

beforeAll(async () => {
  scene = await stage();
});
afterAll(() => scene.close());

const BOT = "abcdefghijklmnopqrst";
let updateId = 0;

/** The next update, as Telegram posts it. */
function webhookPost(secret: string) {
  updateId += 1;
  const chat = { id: 1, type: "private" };
  return {
    path: `/telegram/webhook/${BOT}`,
    headers: { "content-type": "application/json", "x-telegram-bot-api-secret-token": secret },
    body: JSON.stringify({ update_id: updateId, message: { message_id: updateId, chat, text: "hi" } }),
  };
}

/** Posts an update on a connection that is kept. */
function poster(port: number, secret: string) {
  return async () => {
    const { path, ...post } = webhookPost(secret);
    const response = await fetch(`http://127.0.0.1:${port}${path}`, { method: "POST", ...post });
    // Unread, it would keep its connection from being used again.
    await response.text();
    return response;
  };
}

describe("an ingress that is told to stop", () => {
  it("answers what is posted on an idle connection while it stops", async () => {
    const stopping = new AbortController();
    const ingress = await scene.start({ DRAIN_DELAY_SECONDS: 5 }, stopping.signal);
    const { secret } = await scene.register(BOT);
    const post = poster(ingress.port, secret);
    await until(async () => (await post()).status === 200);
    // The connection goes back into the pool of `fetch` in the next round of the event loop.
    await new Promise(setImmediate);

    stopping.abort();
    const stopped = scene.stop(ingress);
    expect((await post()).status).toBe(200);
    await stopped;
  });

  it("ends a connection with the answer to what was being posted when it was told", async () => {
    const stopping = new AbortController();
    const { port } = await scene.start({}, stopping.signal);
    const { secret } = await scene.register(BOT);
    await until(async () => (await poster(port, secret)()).status === 200);
    const { body, headers, path } = webhookPost(secret);
    const agent = new Agent({ keepAlive: true });
    const posting = request({ port, path, method: "POST", headers: { ...headers, expect: "100-continue" }, agent });
    const [answered, taken] = [once(posting, "response"), once(posting, "continue")];
    posting.flushHeaders();
    await taken;
    stopping.abort();
    posting.end(body);
    const [answer] = await answered;
    expect([answer.statusCode, answer.headers.connection]).toEqual([200, "close"]);
    agent.destroy();
  });

  it("says that it is not ready, takes what still comes, and ends each connection with its answer", async () => {
    const stopping = new AbortController();
    const { port, adminPort } = await scene.start({}, stopping.signal);
    const { secret } = await scene.register(BOT);
    const post = poster(port, secret);
    await until(async () => (await post()).status === 200);
    const before = await post();
    expect([before.status, before.headers.get("connection")]).toEqual([200, "keep-alive"]);

    stopping.abort();
    expect((await fetch(`http://127.0.0.1:${adminPort}/readyz`)).status).toBe(503);
    const after = await post();
    expect([after.status, after.headers.get("connection")]).toEqual([200, "close"]);
  });
});
