import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { stage, until } from "./stage.ts";

let scene: Awaited<ReturnType<typeof stage>>;

beforeAll(async () => {
  scene = await stage();
});
afterAll(() => scene.close());

describe("an ingress that is told to stop", () => {
  it("says that it is not ready, takes what still comes, and ends each connection with its answer", async () => {
    const stopping = new AbortController();
    const { port, adminPort } = await scene.start({}, stopping.signal);
    const { botId, secret } = await scene.register("abcdefghijklmnopqrst");
    let updateId = 0;
    const post = () => {
      updateId += 1;
      const chat = { id: 1, type: "private" };
      return fetch(`http://127.0.0.1:${port}/telegram/webhook/${botId}`, {
        method: "POST",
        headers: { "content-type": "application/json", "x-telegram-bot-api-secret-token": secret },
        body: JSON.stringify({ update_id: updateId, message: { message_id: updateId, chat, text: "hi" } }),
      });
    };
    await until(async () => (await post()).status === 200);
    const before = await post();
    expect([before.status, before.headers.get("connection")]).toEqual([200, "keep-alive"]);

    stopping.abort();
    expect((await fetch(`http://127.0.0.1:${adminPort}/readyz`)).status).toBe(503);
    const after = await post();
    expect([after.status, after.headers.get("connection")]).toEqual([200, "close"]);
  });
});
