import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { newGate, type Stage, type StagedBot, stage, until } from "./stage.ts";

let set: Stage;
let nextUser = 1_000;

beforeAll(async () => {
  set = await stage();
});
afterAll(() => set.close());
afterEach(() => set.telegram.clearFaults());

const end = async (bot: StagedBot, user: number) => (await set.events(bot, user)).at(-1);
const sends = (bot: StagedBot) =>
  set.telegram.ledger({ kind: "call", botId: bot.telegramBotId, method: "sendMessage" });

async function newChat() {
  const bot = await set.newBot();
  nextUser += 1;
  return { bot, user: nextUser, fault: { botId: bot.telegramBotId, method: "sendMessage" } };
}

describe("a reply Telegram does not simply take", () => {
  let worker: Awaited<ReturnType<Stage["start"]>>;
  beforeAll(async () => {
    worker = await set.start({ TELEGRAM_TIMEOUT_SECONDS: "1" });
  });
  afterAll(() => worker.stop());

  it("waits as long as Telegram says, no call earlier, and the chat keeps its order", async () => {
    const { bot, user, fault } = await newChat();
    await set.telegram.fault({ kind: "rate-limited", retryAfter: 2, ...fault });
    await set.say(bot, user, "/one");
    await set.say(bot, user, "/two");
    expect(await set.replies(bot, user, 2)).toEqual(["echo: /one", "echo: /two"]);
    const [refused, accepted] = await sends(bot);
    expect((accepted?.at ?? 0) - (refused?.at ?? 0)).toBeGreaterThanOrEqual(2_000);
    expect(set.ai.requests.filter(({ botId }) => botId === bot.botId)).toHaveLength(2);
  });

  it("is given up when the person blocked the bot, and the next turn is tried again", async () => {
    const { bot, user, fault } = await newChat();
    await set.telegram.fault({ kind: "blocked", ...fault });
    await set.say(bot, user, "Hello");
    await until(async () => (await end(bot, user))?.case === "replyUndeliverable");
    expect(await end(bot, user)).toMatchObject({ value: { code: "bot_blocked_by_user" } });
    await set.say(bot, user, "Again");
    expect(await set.replies(bot, user, 1)).toEqual(["echo: Again"]);
  });

  it.each([
    ["chat-not-found", "telegram_chat_not_found"],
    ["cannot-parse-entities", "telegram_refused"],
  ] as const)("is given up after %s", async (kind, code) => {
    const { bot, user, fault } = await newChat();
    await set.telegram.fault({ kind, ...fault });
    await set.say(bot, user, "Hello");
    await until(async () => (await end(bot, user))?.case === "replyUndeliverable");
    expect(await end(bot, user)).toMatchObject({ value: { code } });
  });

  it("tells bots that the token is revoked, and asks Telegram no more", async () => {
    const { bot, user } = await newChat();
    const hello = await set.say(bot, user, "/warm");
    expect(hello.update_id).toBeGreaterThan(0);
    await set.replies(bot, user, 1);
    const { message } = await set.telegram.user(user).send(bot.telegramBotId, "Hello");
    await set.telegram.bot(bot.telegramBotId).revoke();
    await set.publish(bot, { update_id: 900_001, message });
    await until(async () => (await end(bot, user))?.case === "replyUndeliverable");
    expect(await end(bot, user)).toMatchObject({ value: { code: "token_revoked" } });
    expect(set.bots.revoked).toContain(bot.botId);
    await set.publish(bot, { update_id: 900_002, message });
    await until(async () => (await end(bot, user))?.case === "updatesPassedOver");
  });

  it("is sent with the new token when the owner replaced it meanwhile", async () => {
    const { bot, user } = await newChat();
    const gate = newGate();
    set.ai.answers(({ text }) => gate.opened.then(() => `echo: ${text}`));
    await set.say(bot, user, "Hello");
    await until(() => set.ai.requests.some(({ botId }) => botId === bot.botId));
    const telegramToken = await set.telegram.bot(bot.telegramBotId).rotate();
    set.bots.replaceToken(bot.botId, telegramToken);
    gate.open();
    expect(await set.replies(bot, user, 1)).toEqual(["echo: Hello"]);
    set.ai.answers();
  });

  it("is sent again after a time-out, which the log notes as a doubt", async () => {
    const { bot, user, fault } = await newChat();
    await set.telegram.fault({ kind: "hang-before", ...fault });
    await set.say(bot, user, "Hello");
    expect(await set.replies(bot, user, 1)).toEqual(["echo: Hello"]);
    await until(async () => (await end(bot, user))?.case === "replySent");
    const doubts = (await set.events(bot, user)).filter((event) => event.case === "replySendDoubted");
    expect(doubts).toMatchObject([{ value: { part: 0, reason: "timeout" } }]);
    expect(set.ai.requests.filter(({ botId }) => botId === bot.botId)).toHaveLength(1);
  });

  it("comes twice at worst when the connection broke after Telegram took it", async () => {
    const { bot, user, fault } = await newChat();
    await set.telegram.fault({ kind: "reset-after", ...fault });
    await set.say(bot, user, "Hello");
    expect(await set.replies(bot, user, 2)).toEqual(["echo: Hello", "echo: Hello"]);
    await until(async () => (await end(bot, user))?.case === "replySent");
    expect(await sends(bot)).toHaveLength(2);
  });

  it("follows a group that became a supergroup", async () => {
    const { bot, user, fault } = await newChat();
    const { chat } = await set.telegram.createGroup({ type: "supergroup", botIds: [bot.telegramBotId] });
    await set.telegram.fault({ kind: "migrated", migrateToChatId: chat.id, ...fault });
    await set.say(bot, user, "Hello");
    expect(await set.replies(bot, chat.id, 1)).toEqual(["echo: Hello"]);
  });

  it("never shows the bot's token in the log, whatever failed", async () => {
    const { bot, user, fault } = await newChat();
    for (const kind of ["internal", "reset-before"] as const) await set.telegram.fault({ kind, ...fault });
    await set.say(bot, user, "Hello");
    expect(await set.replies(bot, user, 1)).toEqual(["echo: Hello"]);
    expect(set.log()).not.toContain(bot.token.split(":")[1]);
  });
});

describe("a reply of an installation that prefers silence to doubles", () => {
  it("is not sent again when Telegram may have taken it", async () => {
    const worker = await set.start({ SEND_ON_DOUBT: "silent" });
    const { bot, user, fault } = await newChat();
    await set.telegram.fault({ kind: "reset-after", ...fault });
    await set.say(bot, user, "Hello");
    await until(async () => (await end(bot, user))?.case === "replySent");
    expect(await sends(bot)).toHaveLength(1);
    await worker.stop();
  });
});

describe("a reply that cannot leave because Telegram cannot be reached", () => {
  it("waits, without a doubt and without asking the model again", async () => {
    const worker = await set.start({ TELEGRAM_API_ROOT: "http://127.0.0.1:1" });
    const { bot, user } = await newChat();
    await set.say(bot, user, "Hello");
    await until(async () => (await end(bot, user))?.case === "replyDrafted");
    await worker.stop();
    const other = await set.start();
    expect(await set.replies(bot, user, 1)).toEqual(["echo: Hello"]);
    expect(set.ai.requests.filter(({ botId }) => botId === bot.botId)).toHaveLength(1);
    await other.stop();
  });
});
