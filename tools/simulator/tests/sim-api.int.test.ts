import { describe, expect, it } from "@jest/globals";
import { Api } from "grammy";
import { simulatorClient } from "../src/index.ts";
import { simulatorFixture } from "./fixture.ts";
import { startReceiver } from "./receiver.ts";

const { url, meeting } = simulatorFixture();

describe("the ledger", () => {
  it("has every call in order, without the token and the secret", async () => {
    const { sim, api, bot, userId } = await meeting();
    await api.setWebhook("http://127.0.0.1:9/hook", { secret_token: "do_not_tell" });
    await api.deleteWebhook();
    await api.sendMessage(userId, "hi");
    const calls = await sim.ledger({ kind: "call", botId: bot.id });
    expect(calls.map((entry) => "method" in entry && entry.method)).toEqual([
      "setWebhook",
      "deleteWebhook",
      "sendMessage",
    ]);
    expect(calls.at(-1)).toMatchObject({
      botId: bot.id,
      payload: { chat_id: userId, text: "hi" },
      status: 200,
      executed: true,
    });
    const everything = JSON.stringify(await sim.ledger());
    expect(everything).not.toContain(bot.token);
    expect(everything).not.toContain(bot.token.split(":")[1]);
    expect(everything).not.toContain("do_not_tell");
  });

  it("notes calls with a dead token under the bot's number", async () => {
    const { sim, bot, api } = await meeting();
    await sim.bot(bot.id).revoke();
    await api.getMe().catch(() => undefined);
    expect(await sim.ledger({ botId: bot.id, kind: "call" })).toMatchObject([
      { method: "getMe", status: 401, executed: false },
    ]);
  });

  it("names the caller whose API root does, and the message each post was about", async () => {
    const { sim, user, bot, userId } = await meeting();
    const receiver = await startReceiver();
    const named = new Api(bot.token, { apiRoot: `${url()}/via/replica-2` });
    await named.setWebhook(receiver.url);
    await named.sendMessage(userId, "Salom");
    await user.send(bot.id, "x".repeat(300));
    await sim.bot(bot.id).waitUntilIdle();
    expect((await sim.ledger({ kind: "call", botId: bot.id })).at(-1)).toMatchObject({
      method: "sendMessage",
      caller: "replica-2",
      executed: true,
    });
    expect((await sim.ledger({ kind: "delivery", botId: bot.id })).at(-1)).toMatchObject({
      message: { kind: "message", chatId: userId, messageId: 3, text: "x".repeat(200) },
    });
    await receiver.stop();
  });
});

describe("waiting", () => {
  it("for a bot's nth message ends with it", async () => {
    const { sim, api, bot, userId } = await meeting();
    const second = sim.waitForReply({ botId: bot.id, chatId: userId, count: 2 });
    await api.sendMessage(userId, "1");
    await api.sendMessage(userId, "2");
    expect((await second).map(({ text }) => text)).toEqual(["1", "2"]);
  });

  it("for a call finds it by parts of its payload", async () => {
    const { sim, api, bot, userId } = await meeting();
    const found = sim.waitForLedger({ botId: bot.id, method: "sendMessage", match: { payload: { text: "2" } } });
    await api.sendMessage(userId, "1");
    await api.sendMessage(userId, "2");
    expect(await found).toMatchObject([{ payload: { text: "2" } }]);
  });

  it("in vain ends with an error", async () => {
    const { sim, bot, userId } = await meeting();
    await expect(sim.waitForReply({ botId: bot.id, chatId: userId, timeoutMs: 30 })).rejects.toThrow(
      "408 did not happen within 30 ms",
    );
  });
});

describe("a user", () => {
  it("edits and blocks, and the bot hears of it", async () => {
    const { api, user, bot, userId } = await meeting();
    await user.edit(bot.id, { messageId: 1, text: "hello again" });
    await user.block(bot.id);
    expect(await api.getUpdates()).toMatchObject([
      { message: { text: "hello", from: { id: userId } } },
      { edited_message: { message_id: 1, text: "hello again", edit_date: expect.any(Number) } },
      { my_chat_member: { new_chat_member: { status: "kicked", user: { id: bot.id } } } },
    ]);
  });

  it("is heard in a group when the bot is meant", async () => {
    const { sim, api, user, bot } = await meeting();
    const group = await sim.createGroup({ botIds: [bot.id], title: "Choyxona" });
    const chatId = group.chat.id;
    expect(await user.send(bot.id, "just talking", { chatId })).not.toHaveProperty("updateId");
    const { message_id } = await api.sendMessage(chatId, "I am here");
    await user.send(bot.id, `@${bot.username} salom`, { chatId });
    await user.send(bot.id, "yes", { chatId, fields: { reply_to_message_id: message_id } });
    await user.send(bot.id, "/start", { chatId });
    const texts = (await api.getUpdates()).map(({ message }) => message?.text);
    expect(texts).toEqual(["hello", `@${bot.username} salom`, "yes", "/start"]);
  });

  it("may send anything at all, with any fields", async () => {
    const { sim, api, user, bot } = await meeting();
    await user.send(bot.id, "x", { fields: { via_bot: { id: 5 }, forward_date: 1 } });
    await sim.bot(bot.id).update({ poll: { id: "1" } });
    expect(await api.getUpdates()).toMatchObject([{}, { message: { via_bot: { id: 5 } } }, { poll: { id: "1" } }]);
  });
});

describe("a forced delivery", () => {
  it("posts one update many times at once to several places", async () => {
    const { sim, bot } = await meeting();
    const [one, two] = await Promise.all([startReceiver(), startReceiver()]);
    const update = { update_id: 77, message: { text: "again" } };
    const answers = await sim.bot(bot.id).deliver({ update, urls: [one.url, two.url], times: 5, secretToken: "old" });
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(200));
    expect([one.arrivals.length, two.arrivals.length]).toEqual([5, 5]);
    expect(one.arrivals[0]?.headers["x-telegram-bot-api-secret-token"]).toBe("old");
    expect(await sim.ledger({ kind: "delivery", botId: bot.id })).toHaveLength(10);
    await Promise.all([one.stop(), two.stop()]);
  });

  it("posts broken bodies, also without a secret", async () => {
    const { sim, bot } = await meeting();
    const receiver = await startReceiver(() => ({ status: 401 }));
    const [answer] = await sim.bot(bot.id).deliver({ body: "{not json", urls: [receiver.url], secretToken: null });
    expect(answer).toMatchObject({ status: 401 });
    expect(receiver.arrivals[0]?.body).toBe("{not json");
    expect(receiver.arrivals[0]?.headers).not.toHaveProperty("x-telegram-bot-api-secret-token");
    await receiver.stop();
  });
});

describe("a mistake in driving it", () => {
  it("is explained", async () => {
    const { sim, bot } = await meeting();
    await expect(sim.bot(1).get()).rejects.toThrow("404 no bot 1");
    await expect(sim.createBot({ token: "rubbish" })).rejects.toThrow("400");
    await expect(sim.user(5).press(bot.id, { messageId: 9, data: "x" })).rejects.toThrow(
      "400 no message 9 in this chat",
    );
    await expect(simulatorClient(url()).chat({ chatId: 5150 })).rejects.toThrow("404 no such chat");
  });
});

describe("the event stream", () => {
  it("tells the chat page what happens in its chat", async () => {
    const { api, bot, userId } = await meeting();
    const stop = new AbortController();
    const response = await fetch(`${url()}/sim/stream?botId=${bot.id}&chatId=${userId}`, { signal: stop.signal });
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    await reader?.read();
    await api.sendMessage(userId, "live");
    const { value = "" } = (await reader?.read()) ?? {};
    expect(JSON.parse(value.replace("data: ", ""))).toMatchObject({ kind: "message", message: { text: "live" } });
    stop.abort();
  });
});
