import { DomainError } from "@botfactory/decider";
import { Role } from "@botfactory/proto/ai/v1/ai";
import { BotState } from "@botfactory/proto/bots/v1/bots";
import { Language } from "@botfactory/proto/events/v1/account";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import { newGate, type Stage, stage, until } from "./stage.ts";

let set: Stage;
let nextUser = 1_000;
const newUser = () => nextUser++;

beforeAll(async () => {
  set = await stage();
  await set.start();
  await set.start();
});
afterAll(() => set.close());
afterEach(() => set.ai.answers());

const cases = async (...chat: Parameters<Stage["events"]>) => (await set.events(...chat)).map((event) => event.case);

describe("a person who writes to a bot", () => {
  it("is answered, and the log says how", async () => {
    const [bot, user] = [await set.newBot(), newUser()];
    await set.say(bot, user, "Hello there");
    expect(await set.replies(bot, user, 1)).toEqual(["echo: Hello there"]);
    await until(async () => (await cases(bot, user)).at(-1) === "replySent");
    expect(await cases(bot, user)).toEqual(["chatOpened", "turnStarted", "replyDrafted", "replySent"]);
  });

  it("is answered in order on two workers, twenty messages long", async () => {
    const [bot, user] = [await set.newBot(), newUser()];
    const words = Array.from({ length: 20 }, (_, number) => `/say ${number}`);
    for (const text of words) await set.say(bot, user, text);
    expect(await set.replies(bot, user, 20)).toEqual(words.map((text) => `echo: ${text}`));
  });

  it("is answered once however often the same update is stored and delivered", async () => {
    const [bot, user] = [await set.newBot(), newUser()];
    const update = await set.say(bot, user, "Once");
    for (let copy = 0; copy < 4; copy++) await set.publish(bot, update, `copy-${user}-${copy}`);
    await set.say(bot, user, "/end");
    expect(await set.replies(bot, user, 2)).toEqual(["echo: Once", "echo: /end"]);
    expect(set.ai.requests.filter(({ botId }) => botId === bot.botId)).toHaveLength(2);
  });

  it("sees quick successive messages answered as one, with what was said before in the prompt", async () => {
    const [bot, user] = [await set.newBot(), newUser()];
    const gate = newGate();
    set.ai.answers(async ({ text }) => {
      await gate.opened;
      return `echo: ${text}`;
    });
    await set.say(bot, user, "Salom");
    await until(() => set.ai.requests.some(({ botId }) => botId === bot.botId));
    await set.say(bot, user, "narxi");
    await set.say(bot, user, "qancha?");
    gate.open();
    expect(await set.replies(bot, user, 2)).toEqual(["echo: Salom", "echo: narxi\nqancha?"]);
    const last = set.ai.requests.filter(({ botId }) => botId === bot.botId).at(-1);
    expect(last).toMatchObject({ systemPrompt: "You are Ada.", ownerId: "ada", answerLanguage: Language.UZ });
    expect(last?.history.map(({ role, text }) => [role, text])).toEqual([
      [Role.USER, "Salom"],
      [Role.MODEL, "echo: Salom"],
    ]);
  });

  it("sees typing from the start until the answer is there", async () => {
    const [bot, user] = [await set.newBot(), newUser()];
    const gate = newGate();
    set.ai.answers(async () => {
      await gate.opened;
      return "done";
    });
    await set.say(bot, user, "Think long");
    const wish = { kind: "call", botId: bot.telegramBotId, method: "sendChatAction" } as const;
    await set.telegram.waitForLedger({ ...wish, count: 2, timeoutMs: 10_000 });
    gate.open();
    expect(await set.replies(bot, user, 1)).toEqual(["done"]);
  });

  it("gets a long answer in parts, whole and in order", async () => {
    const [bot, user] = [await set.newBot(), newUser()];
    const paragraphs = Array.from({ length: 12 }, (_, number) => `${number} ${"word ".repeat(200)}`.trim());
    set.ai.answers(async () => paragraphs.join("\n\n"));
    await set.say(bot, user, "Tell me all");
    const parts = await set.replies(bot, user, 3);
    expect(parts.join("\n\n")).toBe(paragraphs.join("\n\n"));
    await until(async () => (await cases(bot, user)).at(-1) === "replySent");
    expect((await cases(bot, user)).slice(-3)).toEqual(["replyPartSent", "replyPartSent", "replySent"]);
  });

  it.each([
    ["ai_rate_day", "Salom, yordam kerak", /Bugun javob bera oladiganlarimning/],
    ["ai_key_missing", "Привет, помоги", /Сейчас я не могу ответить/],
    ["ai_blocked", "Нима гап", /Бунга жавоб бера олмайман/],
    ["ai_timeout", "Please help me", /took me too long/],
  ])("is told in their language when ai says %s", async (code, words, sentence) => {
    const [bot, user] = [await set.newBot(), newUser()];
    set.ai.refuses(new DomainError("exhausted", code, { params: { retry_at_unix_ms: String(Date.now() + 60_000) } }));
    await set.say(bot, user, words);
    expect(await set.replies(bot, user, 1)).toEqual([expect.stringMatching(sentence)]);
    await until(async () => (await cases(bot, user)).at(-1) === "turnRefused");
  });

  it("is told that only text is read when a sticker comes", async () => {
    const [bot, user] = [await set.newBot(), newUser()];
    const { message } = await set.telegram.user(user).send(bot.telegramBotId, "x");
    const { text: _, ...sticker } = { ...message, sticker: {} };
    await set.publish(bot, { update_id: 77, message: sticker });
    expect(await set.replies(bot, user, 1)).toEqual([expect.stringMatching(/text only/)]);
  });

  it("is answered however broken the text is", async () => {
    const [bot, user] = [await set.newBot(), newUser()];
    const { message } = await set.telegram.user(user).send(bot.telegramBotId, "x");
    await set.publish(bot, { update_id: 78, message: { ...message, text: "a\0b\uD800c" } });
    expect(await set.replies(bot, user, 1)).toEqual(["echo: ab\uFFFDc"]);
  });

  it("is not answered by a paused bot, and is answered again once it resumes", async () => {
    const [bot, user] = [await set.newBot({ state: BotState.PAUSED }), newUser()];
    await set.say(bot, user, "Anybody?");
    await until(async () => (await cases(bot, user)).length > 0);
    expect(await set.events(bot, user)).toMatchObject([{ case: "updatesPassedOver", value: { reason: "bot_paused" } }]);
    const known = set.bots.known.get(bot.botId);
    if (known !== undefined) set.bots.known.set(bot.botId, { ...known, state: BotState.ACTIVE });
    await until(async () => {
      await set.say(bot, user, "Now?");
      return (await cases(bot, user)).includes("replySent");
    });
  });

  it("is answered after bots was away, with nothing lost", async () => {
    const [bot, user] = [await set.newBot(), newUser()];
    set.bots.goAway();
    await set.say(bot, user, "Still there?");
    await until(() => set.log().includes("a neighbour is away"));
    set.bots.comeBack();
    expect(await set.replies(bot, user, 1)).toEqual(["echo: Still there?"]);
  });

  it("finds the chat going on after a turn nothing could answer, which people can look at", async () => {
    const [bot, user] = [await set.newBot(), newUser()];
    set.ai.answers(({ text }) => (text === "poison" ? Promise.reject(new Error("boom")) : Promise.resolve("fine")));
    await set.say(bot, user, "poison");
    await until(async () => (await cases(bot, user)).includes("turnQuarantined"));
    await set.say(bot, user, "and now?");
    expect(await set.replies(bot, user, 2)).toEqual([expect.stringMatching(/Something went wrong/), "fine"]);
    const { streams } = await set.nats.jetstreamManager();
    const copy = await streams.getMessage("QUARANTINE", { last_by_subj: `quarantine.conversation.${bot.botId}` });
    expect(JSON.parse(copy.string())).toMatchObject({ message: { text: "poison" } });
  });

  it("is told once when not even a turn can be made of the words, and is answered in other chats", async () => {
    const [bot, user] = [await set.newBot(), newUser()];
    const { botId, chatKey } = set.place(bot, user);
    await set.nats.jetstream().publish(`keys.chat.${botId}.${chatKey}`, "no key");
    await set.say(bot, user, "Привет, помоги");
    expect(await set.replies(bot, user, 1)).toEqual([expect.stringMatching(/что-то пошло не так/)]);
    expect(await cases(bot, user)).toEqual(["updatesPassedOver"]);
    const other = newUser();
    await set.say(bot, other, "Hello");
    expect(await set.replies(bot, other, 1)).toEqual(["echo: Hello"]);
    expect(await set.replies(bot, user, 1)).toHaveLength(1);
  });
});
