import { type ReplyCode, replyPhrase } from "@botfactory/phrases";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type ConnectedBot, choosePlan, connectBot } from "./support/bots.ts";
import type { Owner } from "./support/people.ts";
import { startTestStack, type TestStack } from "./support/test-stack.ts";
import { until } from "./support/until.ts";

const WORDS = {
  uz: "Salom! Doʻkon soat nechada ochiladi?",
  ru: "Привет! Во сколько открывается магазин?",
  en: "Hi! What time does the shop open, please?",
} as const;
const LANGUAGES = ["uz", "ru", "en"] as const;
type Language = (typeof LANGUAGES)[number];

let stack: TestStack;
let owner: Owner;
let bot: ConnectedBot;
let chats = 100;

beforeAll(async () => {
  stack = await startTestStack({ env: { GEMINI_RPM: "1000" } });
  owner = await stack.people.owner("aziza");
  await choosePlan(stack, owner, "premium");
  bot = await connectBot(stack, owner);
  await stack.model.script({ kind: "hang", when: "hanging" });
  await stack.telegram.user(HANGING).send(bot.telegramId, `${WORDS.en} #hanging`);
}, 120_000);
afterAll(() => stack.stop(), 60_000);

// Gemini's time-out takes 40 s: the chat that meets it begins first and is looked at last.
const HANGING = 99;

async function reply(chatId: number, text: string, timeoutMs = 10_000): Promise<string> {
  const { message } = await stack.telegram.user(chatId).send(bot.telegramId, text);
  const after = message.message_id;
  const [answer] = await stack.telegram.waitForReply({ botId: bot.telegramId, chatId, after, timeoutMs });
  return answer?.text ?? "";
}

interface SeenMessage {
  readonly status: string;
  readonly text: string;
  readonly problem: { readonly code: string; readonly title: string; readonly remedy: string } | null;
}

/** What the owner reads of a chat; nothing while the read model has not come that far. */
async function messagesOf(chatId: number): Promise<readonly SeenMessage[]> {
  const path = `/bots/${bot.id}/chats/${chatId}/messages`;
  return (await owner.call<{ messages?: readonly SeenMessage[] }>("GET", path)).body.messages ?? [];
}

/** What the owner reads about the first message of the chat that went wrong. */
function problemSeen(chatId: number): Promise<SeenMessage> {
  return until(`the owner sees what went wrong in chat ${chatId}`, async () =>
    (await messagesOf(chatId)).find(({ problem }) => problem !== null),
  );
}

async function expectRefusal(chatId: number, said: string, [code, phrase, language]: Expected): Promise<void> {
  expect(said).toBe(replyPhrase(language, phrase));
  const { status, problem } = await problemSeen(chatId);
  expect({ status, code: problem?.code }).toEqual({ status: "refused", code });
  expect(problem?.title).toMatch(/\w/);
  expect(problem?.remedy).toMatch(/\w/);
}
type Expected = readonly [code: string, phrase: ReplyCode, language: Language];

describe("a person to whom Gemini gives no answer", () => {
  it.each<readonly [kind: string, times: number, code: string, phrase: ReplyCode]>([
    ["key-invalid", 1, "ai_key_invalid", "ai_unavailable"],
    ["model-retired", 1, "ai_request_refused", "ai_unavailable"],
    ["safety", 1, "ai_blocked", "ai_blocked"],
    ["prompt-blocked", 1, "ai_blocked", "ai_blocked"],
    ["empty", 1, "ai_empty", "ai_empty"],
    ["no-candidates", 3, "ai_overloaded", "ai_overloaded"],
    ["overloaded", 3, "ai_overloaded", "ai_overloaded"],
    ["internal", 3, "ai_overloaded", "ai_overloaded"],
  ])("(%s) reads why in their language, the owner sees the cause, and the next message is answered", async (...row) => {
    const [kind, times, code, phrase] = row;
    const inLanguage = async (language: Language) => {
      const chatId = chats++;
      await stack.model.script({ kind, times, when: `#q${chatId}` });
      await expectRefusal(chatId, await reply(chatId, `${WORDS[language]} #q${chatId}`), [code, phrase, language]);
      expect(await reply(chatId, WORDS[language])).toContain(WORDS[language]);
    };
    await Promise.all(LANGUAGES.map(inLanguage));
  });
});

describe("a person whose words are broken", () => {
  it.each(["Nul \0 inside", "Half \ud800 of a pair", "\udfff\ud800"])("is answered (%j)", async (text) => {
    const chatId = chats++;
    await reply(chatId, "Hello");
    const { message } = await stack.telegram.user(chatId).send(bot.telegramId, "Hello again");
    const [first] = await stack.telegram.waitForReply({ botId: bot.telegramId, chatId, after: message.message_id });
    const update = { update_id: 50_000_000 + chatId, message: { ...message, message_id: 90, text } };
    const [post] = await stack.telegram.bot(bot.telegramId).deliver({ update });
    expect(post?.status).toBe(200);
    const after = first?.message_id ?? 0;
    const [answer] = await stack.telegram.waitForReply({ botId: bot.telegramId, chatId, after });
    const legible = text.replace(/\p{Surrogate}/gu, "\uFFFD").replace("\0", "");
    expect(answer?.text).toContain(legible);
    await until("the owner reads it", async () =>
      (await messagesOf(chatId)).some(({ text: shown, status }) => shown.includes(legible) && status === "sent"),
    );
  });
});

describe("a person Telegram keeps the answer from", () => {
  it("who blocked the bot is left alone, the owner sees it, and the next message is answered", async () => {
    const chatId = chats++;
    await stack.telegram.fault({ kind: "blocked", botId: bot.telegramId, chatId, method: "sendMessage" });
    await stack.telegram.user(chatId).send(bot.telegramId, WORDS.ru);
    const { status, problem } = await problemSeen(chatId);
    expect({ status, code: problem?.code }).toEqual({ status: "undeliverable", code: "bot_blocked_by_user" });
    expect(await reply(chatId, WORDS.ru)).toContain(WORDS.ru);
  });

  it("gets it when Telegram's retry_after is over, and not a call earlier", async () => {
    const chatId = chats++;
    const about = { botId: bot.telegramId, method: "sendMessage" };
    await stack.telegram.fault({ kind: "rate-limited", retryAfter: 2, ...about, chatId });
    expect(await reply(chatId, WORDS.uz)).toContain(WORDS.uz);
    const calls = await stack.telegram.waitForLedger({ ...about, match: { payload: { chat_id: String(chatId) } } });
    const [refused, taken] = calls.map(({ at }) => at);
    expect(calls).toHaveLength(2);
    expect((taken ?? 0) - (refused ?? 0)).toBeGreaterThanOrEqual(2_000);
  });

  it("is answered again once the owner has replaced a revoked token", async () => {
    const chatId = chats++;
    const telegram = stack.telegram.bot(bot.telegramId);
    const fresh = await telegram.rotate();
    await stack.telegram.user(chatId).send(bot.telegramId, WORDS.en);
    const { problem } = await problemSeen(chatId);
    expect(problem?.code).toBe("token_revoked");
    expect((await owner.call("GET", `/bots/${bot.id}`)).body).toMatchObject({ state: "token_revoked" });
    expect((await owner.call("GET", `/bots/${bot.id}/webhook`)).body).toMatchObject({
      problem: { code: "token_revoked" },
    });
    expect((await owner.call("PATCH", `/bots/${bot.id}`, { telegramToken: fresh })).status).toBe(200);
    expect(await reply(chatId, "Are you back?")).toContain("Are you back?");
  });
});

describe("an owner", () => {
  it.each([
    ["an empty prompt", "", "prompt_empty"],
    ["a prompt of spaces", "  \n ", "prompt_empty"],
    ["a prompt of 10,000 characters", "x".repeat(10_000), "prompt_too_long"],
  ])("is told what is wrong with %s, and nothing changes", async (_, systemPrompt, code) => {
    const { status, body } = await owner.call("PATCH", `/bots/${bot.id}`, { systemPrompt });
    expect(status).toBe(400);
    expect(body).toMatchObject({ code, detail: expect.stringMatching(/\w/), remedy: expect.stringMatching(/\w/) });
    const kept = await owner.call("GET", `/bots/${bot.id}`);
    expect(kept.body).toMatchObject({ systemPrompt: "You are a helpful assistant." });
  });
});

describe("a person who meets Gemini's limits", () => {
  // Longer than ai waits by itself: 30 s.
  const LIMITED_S = 31;
  let limitedChat: number;

  it("of the minute is told how long, and the owner sees it", async () => {
    limitedChat = chats++;
    await stack.model.script({ kind: "rate-minute", retryAfterSeconds: LIMITED_S, when: `#q${limitedChat}` });
    const said = await reply(limitedChat, `${WORDS.uz} #q${limitedChat}`);
    expect(said).toBe(replyPhrase("uz", "ai_rate_minute", { minutes: "1" }));
    expect((await problemSeen(limitedChat)).problem?.code).toBe("ai_rate_minute");
  });

  it("of patience is told that it took too long, and the next messages wait out the minute and are answered", async () => {
    const [late] = await stack.telegram.waitForReply({ botId: bot.telegramId, chatId: HANGING, timeoutMs: 50_000 });
    await expectRefusal(HANGING, late?.text ?? "", ["ai_timeout", "ai_timeout", "en"]);
    const next = await Promise.all([reply(HANGING, "Quicker?", 40_000), reply(limitedChat, WORDS.uz, 40_000)]);
    expect(next).toEqual([expect.stringContaining("Quicker?"), expect.stringContaining(WORDS.uz)]);
  }, 90_000);

  it("of the day is told when it is over, and Gemini is left alone until then", async () => {
    const chatId = chats++;
    await stack.model.script({ kind: "rate-day", when: `#q${chatId}` });
    const [before, after] = replyPhrase("ru", "ai_rate_day", { time: "…" }).split("…");
    const refusal = new RegExp(`^${before}1[23]:00${after?.replace(/[.()]/g, "\\$&")}$`);
    expect(await reply(chatId, `${WORDS.ru} #q${chatId}`)).toMatch(refusal);
    expect((await problemSeen(chatId)).problem?.code).toBe("ai_rate_day");
    const asked = (await stack.model.requests()).length;
    expect(await reply(chatId, WORDS.ru)).toMatch(refusal);
    expect(await stack.model.requests()).toHaveLength(asked);
  });
});

describe("an installation without a Gemini key", () => {
  it("says so to owners, and something fitting to people in their languages", async () => {
    // Google's own address, which is never asked without a key; a stand-in would be asked.
    const env = { GEMINI_BASE_URL: "https://generativelanguage.googleapis.com", GOOGLE_API_KEY: "" };
    const keyless = await startTestStack({ env });
    try {
      const boris = await keyless.people.owner("boris");
      const { id, telegramId: botId } = await connectBot(keyless, boris);
      for (const [index, language] of LANGUAGES.entries()) {
        const chatId = index + 1;
        await keyless.telegram.user(chatId).send(botId, WORDS[language]);
        const [answer] = await keyless.telegram.waitForReply({ botId, chatId });
        expect(answer?.text).toBe(replyPhrase(language, "ai_unavailable"));
      }
      const { body } = await boris.call("POST", `/bots/${id}/test-chat`, { text: WORDS.en });
      expect(body).toMatchObject({ refusal: { code: "ai_key_missing", title: "GOOGLE_API_KEY not set" } });
    } finally {
      await keyless.stop();
    }
  }, 60_000);
});
