import { DomainError } from "@botfactory/decider";
import { type KeyRing, newSecretKey } from "@botfactory/encryption";
import { commandHandler, inMemoryEventStore } from "@botfactory/event-store";
import { BotState, GetBotForReplyResponseSchema } from "@botfactory/proto/bots/v1/bots";
import { Language } from "@botfactory/proto/events/v1/account";
import { TurnSource, TurnUpdateSchema } from "@botfactory/proto/events/v1/conversation";
import { createLogger } from "@botfactory/service-kit";
import { create } from "@bufbuild/protobuf";
import { describe, expect, it } from "@jest/globals";
import { answering } from "./answer.ts";
import { conversationCodec } from "./chat-log.ts";
import { conversationSubject } from "./chat-place.ts";
import { chatTexts } from "./chat-texts.ts";
import { delivering } from "./deliver.ts";
import { conversation } from "./domain/conversation.ts";
import { turnStarter } from "./start-turn.ts";
import type { SendOutcome } from "./telegram.ts";
import type { SendOnDoubt } from "./undelivered.ts";
import { replyWriter } from "./write-reply.ts";

const place = { botId: "bot", chatKey: "chat" };
const subject = conversationSubject(place);
const workerId = "w1";
const bot = create(GetBotForReplyResponseSchema, { botId: "bot", state: BotState.ACTIVE, language: Language.EN });
const sentAs = (messageId: string): SendOutcome => ({ kind: "sent", messageId });

interface Given {
  readonly answer?: string;
  /** What Telegram says to each send, in turn; after that it takes everything. */
  readonly telegram?: readonly SendOutcome[];
  readonly sendOnDoubt?: SendOnDoubt;
}

/** One claimed turn on a log in memory that can be sent away, a Telegram and a model that count. */
async function claimedTurn({ answer: text = "Yo", telegram: outcomes = [], sendOnDoubt = "resend" }: Given = {}) {
  const memory = inMemoryEventStore();
  let awayFor = 0;
  const append: typeof memory.append = (appends) => {
    if (awayFor === 0) return memory.append(appends);
    awayFor -= 1;
    return Promise.reject(new DomainError("unavailable", "unavailable"));
  };
  const chats = commandHandler({ store: { ...memory, append }, decider: conversation, codec: conversationCodec });
  const key = newSecretKey();
  const keys = { get: async () => key, getOrCreate: async () => key } satisfies Partial<KeyRing>;
  const texts = chatTexts({ ...keys, destroy: async () => undefined, rewrap: async () => 0 });

  const sends: string[] = [];
  const script = [...outcomes];
  const telegram = {
    showTyping: async () => undefined,
    send: async (_: unknown, { text: part }: { readonly text: string }) => {
      sends.push(part);
      return script.shift() ?? sentAs(`m${sends.length}`);
    },
  };
  const revoked: string[] = [];
  const bots = { find: async () => bot, reportTokenRevoked: async (botId: string) => void revoked.push(botId) };
  let asked = 0;
  const generate = async () => {
    asked += 1;
    return { text, usage: { model: "m", inputTokens: 1, outputTokens: 1 } };
  };
  let isCertain = true;
  const lines: string[] = [];
  const logger = createLogger("test", "info", { write: (line) => void lines.push(line) });
  const deliver = delivering({ chats, telegram, bots, sendOnDoubt, claims: { isCertain: () => isCertain }, logger });
  const answer = answering({ chats, texts, bots, telegram, deliver, write: replyWriter({ generate, texts }), logger });

  const chat = { chatId: "5", threadId: "", type: "private", title: "Ada", username: "" };
  const updates = [create(TurnUpdateSchema, { updateId: "1", streamSequence: 1n })];
  const words = { text: "Hi", languageCode: "", chat, updates, source: TurnSource.TELEGRAM };
  const start = await turnStarter({ workerId, texts })(place, bot, { words, ofChat: Language.UNSPECIFIED });
  await chats.handle(subject, start);

  return {
    sends,
    revoked,
    asked: () => asked,
    logged: () => lines.map((line) => JSON.parse(line)),
    claimIs: (certain: boolean) => {
      isCertain = certain;
    },
    goAway: (times: number) => {
      awayFor = times;
    },
    answer: async () => answer(place, (await chats.load(subject)).state),
    events: async () => (await memory.read(subject, conversationCodec)).map(({ event }) => event.case),
  };
}

describe("a claimed turn", () => {
  it("is written once, sent once and over", async () => {
    const turn = await claimedTurn();
    expect(await turn.answer()).toEqual({ kind: "over" });
    expect(turn.sends).toEqual(["Yo"]);
    expect(await turn.events()).toEqual(["chatOpened", "turnStarted", "replyDrafted", "replySent"]);
  });

  it("leaves a line by which its update is found", async () => {
    const turn = await claimedTurn({ telegram: [{ kind: "unreached", reason: "ENOTFOUND" }] });
    await turn.answer();
    await turn.answer();
    const names = { ...place, updateIds: ["1"], turnId: expect.any(String), ms: expect.any(Number) };
    expect(turn.logged()).toEqual([
      expect.objectContaining({ ...names, level: "warn", detail: "ENOTFOUND" }),
      expect.objectContaining({ ...names, level: "info", outcome: "sent", msg: "a reply was sent" }),
    ]);
  });

  it("asks the model once, also when the log was away as it answered", async () => {
    const turn = await claimedTurn();
    turn.goAway(1);
    await expect(turn.answer()).rejects.toThrow("unavailable");
    expect(await turn.answer()).toEqual({ kind: "over" });
    expect(turn.asked()).toBe(1);
  });

  it("sends once, also when the log was away as Telegram took it", async () => {
    const turn = await claimedTurn({ telegram: [{ kind: "wait", ms: 7_000 }] });
    expect(await turn.answer()).toEqual({ kind: "later", ms: 7_000 });
    turn.goAway(1);
    await expect(turn.answer()).rejects.toThrow("unavailable");
    expect(await turn.answer()).toEqual({ kind: "over" });
    expect(turn.sends).toEqual(["Yo", "Yo"]);
    expect(await turn.events()).toEqual(["chatOpened", "turnStarted", "replyDrafted", "replySent"]);
  });

  it("sends nothing while it may be another's", async () => {
    const turn = await claimedTurn();
    turn.claimIs(false);
    expect(await turn.answer()).toEqual({ kind: "later", ms: 0 });
    expect(turn.sends).toEqual([]);
    expect((await turn.events()).at(-1)).toBe("replyDrafted");
    turn.claimIs(true);
    expect(await turn.answer()).toEqual({ kind: "over" });
    expect(turn.sends).toEqual(["Yo"]);
  });

  it("goes on with the part it was at", async () => {
    const text = `${"a".repeat(4_000)} ${"b".repeat(4_000)} ${"c".repeat(4_000)}`;
    const turn = await claimedTurn({
      answer: text,
      telegram: [sentAs("m1"), { kind: "unreached", reason: "ENOTFOUND" }],
    });
    expect(await turn.answer()).toMatchObject({ kind: "later" });
    expect(await turn.answer()).toEqual({ kind: "over" });
    expect(turn.sends.map((part) => part[0])).toEqual(["a", "b", "b", "c"]);
  });

  it("is sent again after a doubt, ever later, and given up when the doubts do not end", async () => {
    const doubt: SendOutcome = { kind: "doubtful", reason: "status_502" };
    const turn = await claimedTurn({ telegram: Array.from({ length: 13 }, () => doubt) });
    const pauses: number[] = [];
    for (let outcome = await turn.answer(); outcome.kind === "later"; outcome = await turn.answer())
      pauses.push(outcome.ms);
    expect(pauses).toHaveLength(12);
    expect(pauses).toEqual([...pauses].sort((a, b) => a - b));
    expect(pauses.at(-1)).toBe(60_000);
    expect((await turn.events()).at(-1)).toBe("replyUndeliverable");
  });

  it("is not sent again after a doubt where silence is preferred, and its other parts are", async () => {
    const text = `${"a".repeat(4_000)} ${"b".repeat(4_000)}`;
    const doubt: SendOutcome = { kind: "doubtful", reason: "timeout" };
    const turn = await claimedTurn({ answer: text, telegram: [doubt], sendOnDoubt: "silent" });
    expect(await turn.answer()).toEqual({ kind: "later", ms: 0 });
    expect(await turn.answer()).toEqual({ kind: "over" });
    expect(turn.sends.map((part) => part[0])).toEqual(["a", "b"]);
  });

  it("tells bots of a revoked token", async () => {
    const turn = await claimedTurn({ telegram: [{ kind: "revoked" }] });
    expect(await turn.answer()).toEqual({ kind: "over" });
    expect(turn.revoked).toEqual(["bot"]);
    expect((await turn.events()).at(-1)).toBe("replyUndeliverable");
  });

  it("says that it found no answer when the model wrote nothing to read", async () => {
    const turn = await claimedTurn({ answer: " \n\0 " });
    await turn.answer();
    expect(turn.sends).toEqual([expect.stringMatching(/could not find an answer/)]);
    expect((await turn.events()).at(-1)).toBe("turnRefused");
  });
});
