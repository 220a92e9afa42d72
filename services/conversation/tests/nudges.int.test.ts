import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { forgetfulWay } from "./forgetful-way.ts";
import { type Stage, stage, until } from "./stage.ts";

// The client library's own pause is anything from 15 to 45 s: a wait of 20 s would miss one in six.
const WITHIN_MS = 12_000;

let dataDirectory: string;
let set: Stage;
let way: Awaited<ReturnType<typeof forgetfulWay>>;

beforeAll(async () => {
  dataDirectory = await mkdtemp(join(tmpdir(), "conversation-"));
  set = await stage({ dataDirectory });
  way = await forgetfulWay(String(set.environment["NATS_URL"]), "$JS.API.CONSUMER.INFO.UPDATES.conversation");
  await set.start({ NATS_URL: way.url });
});
afterAll(async () => {
  await set.close();
  way.close();
  await rm(dataDirectory, { recursive: true, force: true });
});

describe("a process that comes back to a log whose consumer has no leader yet", () => {
  it("takes nudges as soon as there is one", async () => {
    const bot = await set.newBot();
    await set.stopNats();
    way.forgetAgain();
    await set.returnNats();
    await until(() => way.isForgotten());
    await set.say(bot, 5, "/one");
    const wish = { botId: bot.telegramBotId, chatId: 5, count: 1, timeoutMs: WITHIN_MS };
    expect(await set.telegram.waitForReply(wish)).toMatchObject([{ text: "echo: /one" }]);
  }, 60_000);
});
