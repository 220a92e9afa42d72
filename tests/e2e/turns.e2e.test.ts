import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { type ConnectedBot, choosePlan, connectBot } from "./support/bots.ts";
import { type EventLog, openEventLog } from "./support/event-log.ts";
import type { Owner } from "./support/people.ts";
import { startTestStack, type TestStack } from "./support/test-stack.ts";

let stack: TestStack;
let log: EventLog;
let owner: Owner;
let bot: ConnectedBot;

beforeAll(async () => {
  stack = await startTestStack({ replicas: { ingress: 2, conversation: 2 }, env: { GEMINI_RPM: "1000" } });
  [log, owner] = await Promise.all([openEventLog(stack.neighbours.nats), stack.people.owner("aziza")]);
  await choosePlan(stack, owner, "premium");
}, 120_000);
afterAll(async () => {
  await log.close();
  await stack.stop();
}, 60_000);

beforeEach(async () => {
  bot = await connectBot(stack, owner);
  await stack.model.forget();
});

const say = (chatId: number, text: string) => stack.telegram.user(chatId).send(bot.telegramId, text);

/** What the bot said in a chat, once it said that much. */
async function answers(chatId: number, count: number): Promise<string[]> {
  const replies = await stack.telegram.waitForReply({ botId: bot.telegramId, chatId, count, timeoutMs: 30_000 });
  return replies.map(({ text }) => text ?? "");
}

/** What the bot said in a chat, once there is nothing more for it to say. */
async function allAnswers(chatId: number): Promise<string[]> {
  await log.untilNothingIsLeft();
  return answers(chatId, 1);
}

async function asked(words: string): Promise<number> {
  const requests = await stack.model.requests();
  return requests.filter(({ body }) => body.contents.at(-1)?.parts.some(({ text }) => text.includes(words))).length;
}

describe("one update delivered five times at once to each of two ingress processes", () => {
  it("is stored once, becomes one turn, one call of the model and one message", async () => {
    const { message } = await say(1, "Hello");
    await answers(1, 1);
    const update = { update_id: 987_654_321, message: { ...message, message_id: 50, text: "What is love?" } };
    const urls = stack.replicasOf("ingress").map(({ port }) => `http://127.0.0.1:${port}/telegram/webhook/${bot.id}`);
    const posts = await stack.telegram.bot(bot.telegramId).deliver({ update, urls, times: 5 });
    expect(posts.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200));

    expect(await allAnswers(1)).toEqual([expect.stringContaining("Hello"), expect.stringContaining("What is love?")]);
    expect(await log.updates(bot.id)).toBe(2);
    expect((await log.chatFacts(bot.id)).filter((fact) => fact.case === "turnStarted")).toHaveLength(2);
    expect(await asked("What is love?")).toBe(1);
  });
});

describe("twenty messages in one chat on two conversation processes", () => {
  const numbers = Array.from({ length: 20 }, (_, index) => `No${index + 10}`);

  // Quick messages are merged into one turn by design: what counts is that each is answered once, in the order of asking.
  it("are each in one answer, in their order, however they are merged", async () => {
    for (const number of numbers) await say(2, `Tell me about ${number}`);
    const said = await allAnswers(2);
    expect(said.join("\n").match(/No\d+/g)).toEqual(numbers);
    expect((await log.chatFacts(bot.id)).filter((fact) => fact.case === "turnStarted")).toHaveLength(said.length);
  }, 40_000);

  it("get twenty answers in their order when they are commands, which are never merged", async () => {
    for (const number of numbers) await say(3, `/about ${number}`);
    const said = await answers(3, numbers.length);
    expect(said.map((text) => text.match(/No\d+/)?.[0])).toEqual(numbers);
  }, 40_000);
});

describe("kill -9 of conversation between the draft of a reply and its sending", () => {
  /** A reply is drafted and Telegram does not answer: kills the process that holds it, and tells when. */
  async function killBeforeSending(chatId: number, text: string) {
    await stack.telegram.fault({ kind: "hang-before", botId: bot.telegramId, method: "sendMessage" });
    await say(chatId, text);
    const facts = await log.untilFact(bot.id, "replyDrafted");
    const workerId = facts.find((fact) => fact.case === "turnStarted")?.value.workerId ?? "";
    const holder = await processOf(workerId);
    const killedAt = Date.now();
    await holder.end("SIGKILL");
    await stack.telegram.clearFaults();
    return { holder, killedAt };
  }

  async function processOf(workerId: string) {
    for (const process of stack.replicasOf("conversation"))
      if ((await readFile(process.logFile, "utf8")).includes(workerId)) return process;
    throw new Error(`no process says that it is worker ${workerId}`);
  }

  async function expectOneAnswer(chatId: number, text: string): Promise<void> {
    expect(await allAnswers(chatId)).toEqual([expect.stringContaining(text)]);
    expect(await asked(text)).toBe(1);
    const facts = (await log.chatFacts(bot.id)).map((fact) => fact.case);
    expect(facts.filter((name) => name === "turnStarted" || name === "replyDrafted")).toHaveLength(2);
    expect(facts).toContain("turnTakenOver");
    expect(facts.at(-1)).toBe("replySent");
  }

  function tell(what: string, since: number): void {
    process.stderr.write(`  answered ${((Date.now() - since) / 1_000).toFixed(1)} s after kill -9: ${what}\n`);
  }

  it("is made good by another process within ten seconds, without asking the model again", async () => {
    const { holder, killedAt } = await killBeforeSending(4, "Who takes over?");
    await answers(4, 1);
    tell("by another process", killedAt);
    expect(Date.now() - killedAt).toBeLessThan(10_000);
    await expectOneAnswer(4, "Who takes over?");
    await holder.start();
    await holder.ready();
  }, 60_000);

  it("is made good by the same process when it is started again and there is no other", async () => {
    const [spare, only] = stack.replicasOf("conversation");
    if (spare === undefined || only === undefined) throw new Error("there should be two conversation processes");
    await spare.end();
    const { holder, killedAt } = await killBeforeSending(5, "Who comes back?");
    expect(holder).toBe(only);
    await only.start();
    await answers(5, 1);
    tell("by the same process, its start included", killedAt);
    await expectOneAnswer(5, "Who comes back?");
  }, 60_000);
});
