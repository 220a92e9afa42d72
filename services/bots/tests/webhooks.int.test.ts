import { DeliveryMode } from "@botfactory/proto/events/v1/account";
import { WebhookState } from "@botfactory/proto/webhooks/v1/registration";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { as, refusalOf, type Stage, type StartedBots, stage, until } from "./stage.ts";
import { accepted, baseUrl, botsOf, hashOf, type WithBot } from "./with-bot.ts";

let scene: Stage;
let bots: StartedBots;
let withBot: WithBot;

beforeAll(async () => {
  scene = await stage();
  bots = await scene.start();
  withBot = botsOf(scene, bots);
});
afterAll(() => scene.close());

describe("setting a webhook", () => {
  it("gives Telegram the bot's own address and a secret only it and ingress can check", async () => {
    const { botId, telegramBotId, set, atTelegram, registration } = await withBot();
    const { status } = await set();
    expect(status).toMatchObject({ set: true, problemCode: "", mode: DeliveryMode.WEBHOOK });
    expect(status?.url).toBe(`${baseUrl}/telegram/webhook/${botId}`);
    const { url, secretToken } = await atTelegram();
    expect(url).toBe(status?.url);
    expect(secretToken).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(accepted(await registration())).toEqual([hashOf(secretToken)]);
    const [call] = await scene.telegram.ledger({ method: "setWebhook", botId: telegramBotId });
    expect(call).toMatchObject({
      payload: { max_connections: 40, allowed_updates: expect.arrayContaining(["message"]) },
    });
    expect(call).not.toHaveProperty("payload.drop_pending_updates");
  });

  it("lets ingress know the chat keys' secret conversation uses", async () => {
    const { botId, set, registration } = await withBot();
    await set();
    const { chatKeySecret } = await bots.conversation.getBotForReply({ botId });
    expect(chatKeySecret).toHaveLength(32);
    expect((await registration())?.chatKeySecret).toEqual(chatKeySecret);
  });

  it("lets ingress accept the new secret before Telegram knows it, and forget the old one afterwards", async () => {
    const { set, atTelegram, registration, fails } = await withBot();
    await set();
    const former = hashOf((await atTelegram()).secretToken);
    await fails({ kind: "delay", method: "setWebhook", delayMs: 300 });
    const again = set();
    await until(async () => accepted(await registration()).length === 2);
    expect(hashOf((await atTelegram()).secretToken)).toBe(former);
    await again;
    const latter = hashOf((await atTelegram()).secretToken);
    expect(latter).not.toBe(former);
    expect(accepted(await registration())).toEqual([latter]);
  });

  it("takes https only, unless the installation is local", async () => {
    const strict = await scene.start({ LOCAL_MODE: "false" });
    const { botId, telegramBotId, ownerId } = await withBot();
    const setTo = (url: string) => refusalOf(strict.client.setWebhook({ botId, baseUrl: url }, as(ownerId)));
    expect((await setTo("http://bots.example.com")).code).toBe("webhook_url_not_https");
    expect((await setTo("https://127.0.0.1")).code).toBe("webhook_url_invalid");
    expect((await setTo("https://user:word@bots.example.com")).code).toBe("webhook_url_invalid");
    expect(await scene.telegram.ledger({ method: "setWebhook", botId: telegramBotId })).toEqual([]);
  });

  it("takes the installation's base URL when the owner gives none", async () => {
    const ready = await scene.start({ WEBHOOK_BASE_URL: "https://bots.example.com" });
    const { botId, ownerId } = await withBot();
    const { status } = await ready.client.setWebhook({ botId }, as(ownerId));
    expect(status?.url).toBe(`https://bots.example.com/telegram/webhook/${botId}`);
    expect(status?.defaultBaseUrl).toBe("https://bots.example.com");
    expect((await refusalOf(bots.client.setWebhook({ botId }, as(ownerId)))).code).toBe("webhook_url_invalid");
  });
});

describe("setting a webhook in two processes at once", () => {
  it("ends with ingress accepting what Telegram has, whoever came last", async () => {
    const second = await scene.start();
    const { botId, ownerId, set, atTelegram, registration } = await withBot();
    await set();
    await Promise.all([set(), second.client.setWebhook({ botId, baseUrl }, as(ownerId))]);
    expect(accepted(await registration())).toContain(hashOf((await atTelegram()).secretToken));
    await set();
    expect(accepted(await registration())).toEqual([hashOf((await atTelegram()).secretToken)]);
  });
});

describe("a webhook Telegram refuses", () => {
  const words = "Bad Request: bad webhook: Failed to resolve host";

  it("is told in Telegram's words, and the former one stays in force", async () => {
    const { set, status, atTelegram, registration, fails } = await withBot();
    await set();
    await fails({ kind: "error", method: "setWebhook", errorCode: 400, description: words });
    expect(await refusalOf(set())).toMatchObject({ code: "webhook_refused", params: { description: words } });
    expect(accepted(await registration())).toEqual([hashOf((await atTelegram()).secretToken)]);
    expect(await status()).toMatchObject({ set: true, problemCode: "" });
  });

  it("is the status of a bot that has no other", async () => {
    const { set, status, registration, fails } = await withBot();
    await fails({ kind: "error", method: "setWebhook", errorCode: 400, description: words });
    await refusalOf(set());
    expect(await status()).toMatchObject({ set: false, problemCode: "webhook_refused", lastErrorMessage: words });
    expect((await registration())?.state).toBe(WebhookState.REMOVED);
  });
});

describe("a webhook without an answer", () => {
  it("may be in force, so both secrets are accepted until the next one is set", async () => {
    const { set, atTelegram, registration, fails } = await withBot();
    await set();
    await fails({ kind: "reset-after", method: "setWebhook" });
    expect((await refusalOf(set())).code).toBe("telegram_unreachable");
    const inForce = hashOf((await atTelegram()).secretToken);
    expect(accepted(await registration())).toHaveLength(2);
    expect(accepted(await registration())).toContain(inForce);
    await set();
    expect(accepted(await registration())).toEqual([hashOf((await atTelegram()).secretToken)]);
  });

  it("is waited for when Telegram asks for a second", async () => {
    const { set, fails } = await withBot();
    await fails({ kind: "rate-limited", method: "setWebhook", retryAfter: 1 });
    expect((await set()).status?.set).toBe(true);
  });
});

describe("the status", () => {
  it("says that the webhook is not set", async () => {
    const { status } = await withBot();
    expect(await status()).toMatchObject({ set: false, url: "", problemCode: "webhook_not_set" });
  });

  it("shows whom Telegram takes the bot for", async () => {
    const { telegramBotId, status } = await withBot();
    const { username, firstName } = await scene.telegram.bot(telegramBotId).get();
    expect(await status()).toMatchObject({ telegramUsername: username, telegramName: firstName });
  });

  it("says that the bot does not respond while Telegram cannot deliver", async () => {
    const { telegramBotId, set, status } = await withBot();
    await set();
    await scene.telegram.user(4711).send(telegramBotId, "Salom!");
    await until(async () => (await status())?.problemCode === "bot_not_responding");
    expect(await status()).toMatchObject({ set: true, pendingUpdateCount: 1 });
    expect((await status())?.lastErrorMessage).toMatch(/refused/i);
  });

  it("says that Telegram cannot be reached", async () => {
    const { set, status, fails } = await withBot();
    await set();
    await fails({ kind: "reset-before", method: "getWebhookInfo" });
    expect(await status()).toMatchObject({ set: false, problemCode: "telegram_unreachable" });
    await fails({ kind: "error", method: "getWebhookInfo", errorCode: 403, description: "Forbidden" });
    expect(await status()).toMatchObject({ set: false, problemCode: "telegram_unreachable" });
  });
});

describe("deleting a webhook", () => {
  it("ends it at Telegram and at ingress", async () => {
    const { botId, ownerId, set, atTelegram, registration } = await withBot();
    await set();
    const { status } = await bots.client.deleteWebhook({ botId }, as(ownerId));
    expect(status).toMatchObject({ set: false, problemCode: "webhook_not_set" });
    expect((await atTelegram()).url).toBe("");
    expect(await registration()).toMatchObject({ state: WebhookState.REMOVED, secretHashes: [] });
  });

  it("is told in Telegram's words when Telegram refuses, and the webhook stays", async () => {
    const { botId, ownerId, set, status, fails } = await withBot();
    await set();
    const description = "Bad Request: not today";
    await fails({ kind: "error", method: "deleteWebhook", errorCode: 400, description });
    const refusal = await refusalOf(bots.client.deleteWebhook({ botId }, as(ownerId)));
    expect(refusal).toMatchObject({ code: "webhook_refused", params: { description } });
    expect(await status()).toMatchObject({ set: true });
  });

  it("happens when the bot is deleted", async () => {
    const { botId, ownerId, set, atTelegram, registration } = await withBot();
    await set();
    await bots.client.deleteBot({ botId }, as(ownerId));
    expect((await atTelegram()).url).toBe("");
    expect(await registration()).toMatchObject({ state: WebhookState.REMOVED, secretHashes: [] });
    expect((await registration())?.chatKeySecret).toHaveLength(0);
  });
});

describe("a paused bot", () => {
  it("keeps its webhook, and ingress knows that it is paused", async () => {
    const { botId, ownerId, set, status, atTelegram, registration } = await withBot();
    await set();
    await bots.client.updateBot({ botId, paused: true }, as(ownerId));
    expect((await registration())?.state).toBe(WebhookState.PAUSED);
    expect((await status())?.problemCode).toBe("bot_paused");
    expect((await atTelegram()).url).not.toBe("");
    expect((await refusalOf(set())).code).toBe("bot_paused");
    await bots.client.updateBot({ botId, paused: false }, as(ownerId));
    expect((await registration())?.state).toBe(WebhookState.ACTIVE);
  });
});

describe("polling", () => {
  it("takes the webhook away at Telegram and gives ingress the token", async () => {
    const polled = await scene.start({ TELEGRAM_UPDATES: "polling" });
    const { botId, ownerId, token, set, atTelegram, registration } = await withBot();
    await set();
    const { status } = await polled.client.setWebhook({ botId }, as(ownerId));
    expect(status).toMatchObject({ set: true, problemCode: "", mode: DeliveryMode.POLLING, url: "" });
    expect((await atTelegram()).url).toBe("");
    expect(await registration()).toMatchObject({
      mode: DeliveryMode.POLLING,
      state: WebhookState.ACTIVE,
      secretHashes: [],
    });
    expect(await polled.ingress.getPollingToken({ botId })).toMatchObject({ telegramToken: token });
    expect((await refusalOf(polled.conversation.getPollingToken({ botId }))).code).toBe("forbidden");
    expect((await refusalOf(bots.ingress.getPollingToken({ botId }))).code).toBe("forbidden");
  });
});

describe("the table of webhooks", () => {
  it("is brought up to the log by the next process that starts", async () => {
    const { botId, set, registration } = await withBot();
    await set();
    const before = await registration();
    const bucket = await scene.nats.jetstream().views.kv("webhooks");
    await bucket.purge(botId);
    expect(await bucket.get(botId)).toMatchObject({ operation: "PURGE" });
    await scene.start();
    await until(async () => accepted(await registration()).length === 1);
    expect(await registration()).toMatchObject({ secretHashes: before?.secretHashes, state: WebhookState.ACTIVE });
  });
});
