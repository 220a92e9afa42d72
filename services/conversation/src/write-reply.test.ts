import { newSecretKey } from "@botfactory/encryption";
import { GetBotForReplyResponseSchema } from "@botfactory/proto/bots/v1/bots";
import { Language } from "@botfactory/proto/events/v1/account";
import { ReplyKind, TurnSource, TurnUpdateSchema } from "@botfactory/proto/events/v1/conversation";
import { create } from "@bufbuild/protobuf";
import { describe, expect, it } from "@jest/globals";
import type { Generate } from "./ai-client.ts";
import { chatTexts } from "./chat-texts.ts";
import { replyWriter } from "./write-reply.ts";

const place = { botId: "bot", chatKey: "chat" };
const key = newSecretKey();
const keys = {
  get: async () => key,
  getOrCreate: async () => key,
  destroy: async () => undefined,
  rewrap: async () => 0,
};
const texts = chatTexts(keys);

/** What the model is asked for a turn after some exchanges. */
async function asked(words: string, past: readonly (readonly [string, string])[], historyTurns: number) {
  const requests: Parameters<Generate>[0][] = [];
  const generate: Generate = async (request) => {
    requests.push(request);
    return { text: "Yo", usage: { model: "m", inputTokens: 1, outputTokens: 2 } };
  };
  const exchanges = past.map(async ([said, answered]) => ({
    sealedText: await texts.seal(place, said),
    sealedReply: await texts.seal(place, answered),
  }));
  const turn = {
    turnId: "t",
    workerId: "w",
    attempt: 1,
    updates: [create(TurnUpdateSchema, { updateId: "77" }), create(TurnUpdateSchema, { updateId: "78" })],
    sealedText: await texts.seal(place, words),
    language: Language.UZ,
    source: TurnSource.TELEGRAM,
    draft: undefined,
    messageIds: [],
    doubts: [],
  };
  const bot = create(GetBotForReplyResponseSchema, {
    botId: "bot",
    ownerId: "ada",
    systemPrompt: "Be kind.",
    historyTurns,
  });
  const reply = await replyWriter({ generate, texts })({ place, bot, turn, past: await Promise.all(exchanges) });
  return { reply, request: requests[0], history: requests[0]?.history?.map(({ text }) => text) };
}

describe("the question to the model", () => {
  it("holds the bot's prompt, the person's language and words, and one charge key for all their messages", async () => {
    const { request, reply } = await asked("Salom", [], 10);
    expect(request).toMatchObject({
      ownerId: "ada",
      chargeKey: "bot:77",
      systemPrompt: "Be kind.",
      answerLanguage: Language.UZ,
      text: "Salom",
    });
    expect(reply).toMatchObject({ kind: ReplyKind.ANSWER, model: "m", inputTokens: 1, outputTokens: 2 });
  });

  it("holds as many of the last turns as the plan gives, none at all if it gives none", async () => {
    const past = [
      ["1", "one"],
      ["2", "two"],
      ["3", "three"],
    ] as const;
    expect((await asked("4", past, 2)).history).toEqual(["2", "two", "3", "three"]);
    expect((await asked("4", past, 0)).history).toEqual([]);
    expect((await asked("4", past, 10)).history).toHaveLength(6);
  });

  it("drops the oldest turns when the history is longer than ai takes", async () => {
    const long = "x".repeat(60_000);
    const past = [
      ["old", long],
      ["newer", long],
      ["newest", long],
    ] as const;
    expect((await asked("Hi", past, 10)).history).toEqual(["newer", long, "newest", long]);
  });

  it("is not asked when there is nothing to read", async () => {
    const { request, reply } = await asked("", [], 10);
    expect(request).toBeUndefined();
    expect(reply).toMatchObject({ kind: ReplyKind.REFUSAL, refusalCode: "text_only" });
  });
});
