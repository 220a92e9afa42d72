import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { forgetfulWay } from "./forgetful-way.ts";
import { newGate, type Stage, stage, until } from "./stage.ts";

let set: Stage;
let dataDirectory: string;
let way: Awaited<ReturnType<typeof forgetfulWay>> | undefined;

beforeAll(async () => {
  dataDirectory = await mkdtemp(join(tmpdir(), "conversation-"));
  set = await stage({ dataDirectory });
  await set.start();
  await set.start();
});
afterAll(async () => {
  await set.close();
  // The process that came by it goes on with the others, and leaves by it.
  way?.close();
  await rm(dataDirectory, { recursive: true, force: true });
});

describe("a process that starts", () => {
  it("waits when its request for the keys' stream gets lost on the way", async () => {
    way = await forgetfulWay(String(set.environment["NATS_URL"]), "$JS.API.STREAM.INFO.KEYS");
    await set.start({ NATS_URL: way.url });
    expect(way.isForgotten()).toBe(true);
  }, 30_000);
});

describe("a turn during which the log goes away", () => {
  it("is gone on with when the log is back: one call of the model, one message", async () => {
    const bot = await set.newBot();
    const gate = newGate();
    set.ai.answers(({ text }) => gate.opened.then(() => `echo: ${text}`));
    await set.say(bot, 5, "/one");
    await until(() => set.ai.requests.length === 1);
    await set.stopNats();
    gate.open();
    await until(() => set.log().includes("NATS connection lost"));
    await set.returnNats();
    expect(await set.replies(bot, 5, 1)).toEqual(["echo: /one"]);
    await set.say(bot, 5, "/two");
    expect(await set.replies(bot, 5, 2)).toEqual(["echo: /one", "echo: /two"]);
    expect(set.ai.requests).toHaveLength(2);
  }, 60_000);

  it("sends nothing twice that Telegram took while the log was away", async () => {
    const bot = await set.newBot();
    await set.telegram.fault({ kind: "delay", delayMs: 3_000, botId: bot.telegramBotId, method: "sendMessage" });
    await set.say(bot, 6, "/one");
    await until(async () => (await set.events(bot, 6)).at(-1)?.case === "replyDrafted");
    await set.stopNats();
    expect(await set.replies(bot, 6, 1)).toEqual(["echo: /one"]);
    await set.returnNats();
    await until(async () => (await set.events(bot, 6)).at(-1)?.case === "replySent");
    expect(await set.telegram.ledger({ kind: "call", botId: bot.telegramBotId, method: "sendMessage" })).toHaveLength(
      1,
    );
  }, 60_000);
});
