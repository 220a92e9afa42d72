import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type ConnectedBot, connectBot } from "./support/bots.ts";
import { type LogLine, linesOf } from "./support/log-lines.ts";
import { type CollectedSpan, type OtlpCollector, startOtlpCollector } from "./support/otlp-collector.ts";
import { startTestStack, type TestStack } from "./support/test-stack.ts";
import { until } from "./support/until.ts";

const ASK_BOTS = "botfactory.bots.v1.BotsService/GetBotForReply";
const ASK_AI = "botfactory.ai.v1.AiService/Generate";
const WORDS = "What does the orange umbrella cost?";

let collector: OtlpCollector;
let stack: TestStack;
let bot: ConnectedBot;
let trace: readonly CollectedSpan[];

beforeAll(async () => {
  collector = await startOtlpCollector();
  stack = await startTestStack({ env: { ...collector.env, LOG_LEVEL: "debug" } });
  bot = await connectBot(stack, await stack.people.owner("aziza"));
  await stack.telegram.user(1).send(bot.telegramId, WORDS);
  await stack.telegram.waitForReply({ botId: bot.telegramId, chatId: 1 });
  trace = await until("the whole trace", async () => {
    const spans = ofTheMessage();
    const times = (wanted: string) => spans.filter(({ name }) => name === wanted).length;
    // The turn's three appends, and both ends of both calls: all others end before one of these.
    const isComplete = times("publish CONVERSATIONS") === 3 && times(ASK_BOTS) === 2 && times(ASK_AI) === 2;
    return isComplete && whole(spans) && spans;
  });
}, 120_000);
afterAll(async () => {
  await stack.stop();
  await collector.stop();
}, 60_000);

/** All spans of the trace that began where Telegram posted. */
function ofTheMessage(): readonly CollectedSpan[] {
  const spans = collector.spans();
  const root = spans.find(({ name }) => name === "POST /telegram/webhook/{botId}");
  return spans.filter(({ traceId }) => traceId === root?.traceId);
}

const whole = (spans: readonly CollectedSpan[]) =>
  spans.every(({ parentSpanId }) => !parentSpanId || spans.some(({ spanId }) => spanId === parentSpanId));

/** From the trace's beginning down to a span, each as `service: name`. */
function pathTo(span: CollectedSpan): string[] {
  const parent = trace.find(({ spanId }) => spanId === span.parentSpanId);
  return [...(parent === undefined ? [] : pathTo(parent)), `${span.service}: ${span.name}`];
}

function pathsTo(service: string, name: string): string[][] {
  return trace.filter((span) => span.service === service && span.name === name).map(pathTo);
}

const stored = ["ingress: POST /telegram/webhook/{botId}", "ingress: publish UPDATES"];
const turn = [...stored, "conversation: process UPDATES"];

describe("one message is one trace", () => {
  it("from the webhook through the log to the turn", () => {
    expect(pathsTo("ingress", "publish UPDATES")).toEqual([stored]);
    expect(pathsTo("conversation", "process UPDATES")).toEqual([turn]);
  });

  it("from the turn to the bot's configuration in bots", () => {
    expect(pathsTo("bots", ASK_BOTS)).toEqual([[...turn, `conversation: ${ASK_BOTS}`, `bots: ${ASK_BOTS}`]]);
  });

  it("from the turn over ai and its quota to Gemini", () => {
    const inAi = [...turn, `conversation: ${ASK_AI}`, `ai: ${ASK_AI}`];
    const chat = trace.find(({ name }) => name.startsWith("chat "))?.name ?? "";
    expect(pathsTo("ai", "POST")).toEqual([[...inAi, `ai: ${chat}`, "ai: POST"]]);
    expect(pathsTo("ai", "publish QUOTAS")[0]).toEqual([...inAi, "ai: publish QUOTAS"]);
  });

  it("from the turn to Telegram, and back into the log", () => {
    const sending = [...turn, "conversation: telegram sendMessage"];
    expect(pathsTo("conversation", "POST")).toContainEqual([...sending, "conversation: POST"]);
    expect(pathsTo("conversation", "publish CONVERSATIONS")).toContainEqual([
      ...turn,
      "conversation: publish CONVERSATIONS",
    ]);
  });

  it("without the token or anybody's words", async () => {
    const { secretToken } = await stack.telegram.bot(bot.telegramId).webhook();
    const sent = collector.bytes().toString();
    expect(sent).toContain("/bot[redacted]/sendMessage");
    for (const secret of [bot.token, bot.token.split(":")[1] ?? "", secretToken, WORDS, "You are a helpful assistant."])
      expect(sent).not.toContain(secret);
  });
});

/** Lines of a trace, each as the service that wrote it and what it says, as soon as a service has written one. */
async function linesOfTrace(traceId: string | undefined, from: string): Promise<readonly LogLine[]> {
  return until(`a line of ${from}`, async () => {
    const lines = (await linesOf(stack)).filter((line) => line.trace_id === traceId);
    return lines.some(({ service }) => service === from) && lines;
  });
}

describe("what services log about one message", () => {
  const said = (lines: readonly LogLine[], level: string) =>
    lines.filter((line) => line.level === level).map(({ service, msg }) => `${service}: ${msg}`);

  it("is found by its trace's id, one line of each step at the level everybody logs at", async () => {
    const lines = await linesOfTrace(trace[0]?.traceId, "conversation");
    expect(said(lines, "info").sort()).toEqual([
      "ai: a model call was answered",
      "conversation: a reply was sent",
      "ingress: an update was taken",
    ]);
    expect(said(lines, "debug")).toEqual(
      expect.arrayContaining(["bots: a call was answered", "ai: a call was answered"]),
    );
  });

  it("names spans the collector has of the same service", async () => {
    for (const { service, span_id } of await linesOfTrace(trace[0]?.traceId, "conversation"))
      expect(trace.filter(({ spanId }) => spanId === span_id).map((span) => span.service)).toEqual([service]);
  });

  it("is found by the update's id too, where nothing is traced", async () => {
    const lines = await linesOfTrace(trace[0]?.traceId, "conversation");
    const taken = lines.find(({ msg }) => msg === "an update was taken");
    expect(lines.find(({ msg }) => msg === "a reply was sent")).toMatchObject({ updateIds: [taken?.updateId] });
    expect(lines.find(({ msg }) => msg === "a model call was answered")).toMatchObject({
      chargeKey: `${bot.id}:${taken?.updateId}`,
    });
  });

  it("goes from the console's request to the services it asks", async () => {
    const request = (await linesOf(stack)).find(({ service, msg }) => service === "web" && msg === "request");
    const lines = await linesOfTrace(request?.trace_id, "bots");
    expect(said(lines, "info")).toEqual(["web: request"]);
    expect(said(lines, "debug")).toEqual(["bots: a call was answered"]);
    expect(collector.spans().map(({ traceId }) => traceId)).toContain(request?.trace_id);
  });
});
