import { DomainError } from "@botfactory/decider";
import { chatKeySubject, keyEncryptionKey, keyRing } from "@botfactory/encryption";
import { Author, type ConversationService, MessageStatus } from "@botfactory/proto/conversation/v1/conversation";
import { Language } from "@botfactory/proto/events/v1/account";
import { createLogger } from "@botfactory/service-kit";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { placeOfChat } from "../src/own-bot.ts";
import { rebuildReadModels } from "../src/rebuild.ts";
import { as, type Stage, stage, until } from "./stage.ts";

let set: Stage;
let worker: Awaited<ReturnType<Stage["start"]>>;
let nextUser = 1_000;

beforeAll(async () => {
  set = await stage();
  worker = await set.start();
});
afterAll(() => set.close());
afterEach(async () => {
  set.ai.answers();
  await set.telegram.clearFaults();
});

const ada = as("ada");
const refused = (code: string) => expect.objectContaining({ name: "DomainError", code });

async function answeredChat(text = "Salom, dunyo") {
  const [bot, user] = [await set.newBot(), nextUser++];
  await set.telegram.user(user).introduce({ first_name: "Malika", username: "malika" });
  await set.say(bot, user, text);
  await set.replies(bot, user, 1);
  const { botId } = bot;
  await until(async () => {
    const { messages } = await worker.rpc.listMessages({ botId, chatId: String(user) }, ada);
    return messages[0]?.status === MessageStatus.SENT;
  });
  return { bot, botId, user, chatId: String(user) };
}

describe("an owner", () => {
  it("sees the chats of a bot and what was said in them", async () => {
    const { botId, chatId } = await answeredChat();
    const { chats } = await worker.rpc.listChats({ botId }, ada);
    expect(chats).toMatchObject([
      { id: chatId, type: "private", title: "Malika", username: "malika", messages: 2, lastText: "echo: Salom, dunyo" },
    ]);
    const { messages } = await worker.rpc.listMessages({ botId, chatId }, ada);
    expect(messages).toMatchObject([
      { author: Author.BOT, text: "echo: Salom, dunyo", status: MessageStatus.SENT, model: "stand-in", tokens: 7 },
      { author: Author.USER, text: "Salom, dunyo", status: MessageStatus.RECEIVED },
    ]);
    expect(messages[0]).toMatchObject({ promptVersion: 2 });
  });

  it("sees why a reply did not arrive", async () => {
    const [bot, user] = [await set.newBot(), nextUser++];
    await set.telegram.fault({ kind: "blocked", botId: bot.telegramBotId, method: "sendMessage" });
    await set.say(bot, user, "Hello");
    const ask = () => worker.rpc.listMessages({ botId: bot.botId, chatId: String(user) }, ada);
    await until(async () => (await ask()).messages[0]?.status === MessageStatus.UNDELIVERABLE);
    expect((await ask()).messages[0]).toMatchObject({ problemCode: "bot_blocked_by_user" });
  });

  it("turns pages without losing or repeating an entry", async () => {
    const bot = await set.newBot();
    const users = [nextUser++, nextUser++, nextUser++];
    for (const user of users) await set.say(bot, user, "Hello");
    for (const user of users) await set.replies(bot, user, 1);
    const page = (pageToken: string) => worker.rpc.listChats({ botId: bot.botId, pageSize: 2, pageToken }, ada);
    await until(async () => {
      const { chats } = await worker.rpc.listChats({ botId: bot.botId }, ada);
      return chats.length === 3 && chats.every(({ messages }) => messages === 2);
    });
    const first = await page("");
    const second = await page(first.nextPageToken);
    expect(new Set([...first.chats, ...second.chats].map(({ id }) => id))).toEqual(new Set(users.map(String)));
    expect(second.nextPageToken).toBe("");
    const chatId = String(users[0]);
    const newest = await worker.rpc.listMessages({ botId: bot.botId, chatId, pageSize: 1 }, ada);
    const pageToken = newest.nextPageToken;
    const older = await worker.rpc.listMessages({ botId: bot.botId, chatId, pageSize: 1, pageToken }, ada);
    expect([...newest.messages, ...older.messages].map(({ text }) => text)).toEqual(["echo: Hello", "Hello"]);
  });

  it.each([
    ["a page token somebody made up", { pageToken: "eyJhIjoxfQ" }],
    ["a page that is too large", { pageSize: 101 }],
  ])("is told of %s", async (_, wish) => {
    const { botId } = await set.newBot();
    await expect(worker.rpc.listChats({ botId, ...wish }, ada)).rejects.toEqual(refused("field_invalid"));
  });

  it("sends a test message into a chat, in their own words or with a greeting in the bot's language", async () => {
    const { bot, botId, chatId, user } = await answeredChat();
    const { messageId } = await worker.rpc.sendTestMessage({ botId, chatId, text: "Sinov" }, ada);
    expect(Number(messageId)).toBeGreaterThan(0);
    await worker.rpc.sendTestMessage({ botId, chatId }, ada);
    expect((await set.replies(bot, user, 3)).slice(1)).toEqual(["Sinov", expect.stringMatching(/test message/)]);
    await until(async () => (await worker.rpc.listMessages({ botId, chatId }, ada)).messages.length === 4);
    const { messages } = await worker.rpc.listMessages({ botId, chatId }, ada);
    expect(messages[1]).toMatchObject({ author: Author.OWNER, text: "Sinov", status: MessageStatus.SENT });
  });

  it.each([
    ["blocked", "bot_blocked_by_user"],
    ["chat-not-found", "telegram_chat_not_found"],
    ["unauthorized", "token_revoked"],
    ["rate-limited", "telegram_rate_limited"],
    ["reset-before", "telegram_unreachable"],
  ] as const)("learns why a test message was not taken: %s", async (kind, code) => {
    const { bot, botId, chatId } = await answeredChat();
    await set.telegram.fault({ kind, botId: bot.telegramBotId, method: "sendMessage" });
    await expect(worker.rpc.sendTestMessage({ botId, chatId }, ada)).rejects.toEqual(refused(code));
  });

  it.each([
    ["a chat id that is none", { chatId: "../../etc" }],
    ["a text that is too long", { chatId: "5", text: "x".repeat(4_097) }],
  ])("is told of %s", async (_, wish) => {
    const { botId } = await set.newBot();
    await expect(worker.rpc.sendTestMessage({ botId, ...wish }, ada)).rejects.toEqual(refused("field_invalid"));
  });

  it("talks with the bot in the test chat as a person would, history included, without Telegram", async () => {
    const { botId, telegramBotId } = await set.newBot();
    const first = await worker.rpc.testChat({ botId, text: "Привет, как дела?" }, ada);
    expect(first).toMatchObject({ text: "echo: Привет, как дела?", refusalCode: "", language: Language.RU, tokens: 7 });
    await worker.rpc.testChat({ botId, text: "Спасибо" }, ada);
    const history = set.ai.requests.at(-1)?.history.map(({ text }) => text);
    expect(history).toEqual(["Привет, как дела?", "echo: Привет, как дела?"]);
    expect(await set.telegram.ledger({ kind: "call", botId: telegramBotId })).toEqual([]);
    await until(async () => (await worker.rpc.listChats({ botId }, ada)).chats[0]?.messages === 4);
    const { messages } = await worker.rpc.listMessages({ botId, chatId: "test" }, ada);
    expect(messages.map(({ text }) => text).slice(-2)).toEqual(["echo: Привет, как дела?", "Привет, как дела?"]);
  });

  it("reads in the test chat what a person would read when there is no answer, and may go on", async () => {
    const { botId } = await set.newBot();
    set.ai.refuses(new DomainError("conflict", "ai_blocked"));
    const told = await worker.rpc.testChat({ botId, text: "Salom, ayting" }, ada);
    expect(told).toMatchObject({ refusalCode: "ai_blocked", text: expect.stringMatching(/Bunga javob bera olmayman/) });
    set.ai.refuses(new DomainError("unavailable", "unavailable"));
    await expect(worker.rpc.testChat({ botId, text: "Hi" }, ada)).rejects.toEqual(refused("unavailable"));
    set.ai.answers();
    expect(await worker.rpc.testChat({ botId, text: "Hello" }, ada)).toMatchObject({ text: "echo: Hello" });
  });

  it("is not let into another owner's bot by any method", async () => {
    const { botId, chatId } = await answeredChat();
    const calls: Record<keyof typeof ConversationService.method, () => Promise<unknown>> = {
      listChats: () => worker.rpc.listChats({ botId }, as("eve")),
      listMessages: () => worker.rpc.listMessages({ botId, chatId }, as("eve")),
      sendTestMessage: () => worker.rpc.sendTestMessage({ botId, chatId }, as("eve")),
      testChat: () => worker.rpc.testChat({ botId, text: "Hi" }, as("eve")),
    };
    for (const call of Object.values(calls)) await expect(call()).rejects.toEqual(refused("bot_not_found"));
  });

  it("is told of a chat nobody wrote in", async () => {
    const { botId } = await set.newBot();
    await expect(worker.rpc.listMessages({ botId, chatId: "1" }, ada)).rejects.toEqual(refused("chat_not_found"));
  });
});

describe("the read model", () => {
  const collections = ["chats", "messages", "daily_stats"];
  const documents = () =>
    Promise.all(collections.map((name) => set.database().collection(name).find().sort({ _id: 1 }).toArray()));

  it("is the same after everything was dropped and built again from the log", async () => {
    await answeredChat();
    const before = await documents();
    expect(before.map((all) => all.length > 0)).toEqual([true, true, true]);
    for (const name of [...collections, "checkpoints"]) await set.database().collection(name).drop();
    const logger = createLogger("rebuild", "silent");
    await rebuildReadModels({ nats: set.nats, mongodbUrl: set.mongodbUrl, logger });
    expect(await documents()).toEqual(before);
  });

  it("holds nobody's words in clear, and forgets a chat whose key is destroyed", async () => {
    const { bot, botId, chatId } = await answeredChat("Mening sirim");
    expect(JSON.stringify(await documents())).not.toContain("sirim");
    const keys = await keyRing(set.nats, keyEncryptionKey(set.environment.KEY_ENCRYPTION_KEY));
    const known = set.bots.known.get(bot.botId);
    if (known === undefined) throw new Error("no such bot");
    await keys.destroy(chatKeySubject(botId, placeOfChat(known, chatId).chatKey));
    await until(async () => {
      const { messages } = await worker.rpc.listMessages({ botId, chatId }, ada);
      return messages.every(({ text }) => text === "");
    });
  });
});
