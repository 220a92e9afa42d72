import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { Api } from "grammy";
import { simulatorClient, startSimulator } from "../src/index.ts";
import { startReceiver } from "./receiver.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "simulator-"));
});
afterAll(() => rm(folder, { recursive: true }));

describe("a simulator with a data file", () => {
  it("knows after a restart its bots, chats, webhooks and waiting updates", async () => {
    const dataFile = join(folder, "state.json");
    const receiver = await startReceiver(({ open }) => ({ status: open > 0 && accepting ? 200 : 503 }));
    let accepting = false;
    const first = await startSimulator({ dataFile });
    const sim = simulatorClient(first.url);
    const bot = await sim.createBot({ username: "demo_uz_bot" });
    await new Api(bot.token, { apiRoot: first.url }).setWebhook(receiver.url, { secret_token: "kept" });
    await sim.user(7).send(bot.id, "before");
    await receiver.until(1);
    await first.stop();
    expect((await stat(dataFile)).mode & 0o777).toBe(0o600);

    accepting = true;
    const second = await startSimulator({ dataFile });
    const again = simulatorClient(second.url);
    await again.bot(bot.id).waitUntilIdle();
    expect(receiver.arrivals.at(-1)?.headers["x-telegram-bot-api-secret-token"]).toBe("kept");
    expect((await new Api(bot.token, { apiRoot: second.url }).getMe()).username).toBe("demo_uz_bot");
    const { message } = await again.user(7).send(bot.id, "after");
    expect(message.message_id).toBe(2);
    expect((await again.chat({ chatId: 7, botId: bot.id })).messages.map(({ text }) => text)).toEqual([
      "before",
      "after",
    ]);
    await second.stop();
    await receiver.stop();
  });

  it("refuses to start on a broken file instead of writing over it", async () => {
    const dataFile = join(folder, "broken.json");
    await writeFile(dataFile, "{");
    await expect(startSimulator({ dataFile })).rejects.toThrow();
  });
});
