import { commandHandler, inMemoryEventStore } from "@botfactory/event-store";
import { BotState, GetBotForReplyResponseSchema } from "@botfactory/proto/bots/v1/bots";
import {
  ChatOpenedSchema,
  TurnStartedSchema,
  TurnTakenOverSchema,
  TurnUpdateSchema,
} from "@botfactory/proto/events/v1/conversation";
import { createLogger } from "@botfactory/service-kit";
import { create } from "@bufbuild/protobuf";
import { describe, expect, it } from "@jest/globals";
import { type ChatLog, conversationCodec } from "./chat-log.ts";
import { conversationSubject } from "./chat-place.ts";
import { chatWork } from "./chat-work.ts";
import type { Claims } from "./claims.ts";
import { conversation } from "./domain/conversation.ts";
import type { ChatEvent } from "./domain/conversation-state.ts";
import type { WaitingUpdate } from "./domain/next-step.ts";
import { OVER } from "./turn-outcomes.ts";

const logger = createLogger("test", "silent");
const place = { botId: "bot", chatKey: "chat" };
const subject = conversationSubject(place);
const opened: ChatEvent = { case: "chatOpened", value: create(ChatOpenedSchema, {}) };
const updates = [create(TurnUpdateSchema, { updateId: "1", streamSequence: 1n })];
const startedBy = (workerId: string): ChatEvent => ({
  case: "turnStarted",
  value: create(TurnStartedSchema, { turnId: "t", workerId, updates }),
});

const CERTAIN: Claims = { claiming: () => undefined, isCertain: () => true, canClaim: () => true };

/** The work of worker `me` on a chat with a history, nothing waiting. */
const chatWith = (...history: ChatEvent[]) => chatUnder(CERTAIN, history);

async function chatUnder(claims: Claims, history: readonly ChatEvent[], whileAsked = async (_: ChatLog) => {}) {
  const store = inMemoryEventStore();
  await store.append([
    { subject, expectedSequence: 0, events: history.map((event) => conversationCodec.encode(event)) },
  ]);
  const chats = commandHandler({ store, decider: conversation, codec: conversationCodec });
  const answered: string[] = [];
  const never = () => Promise.reject(new Error("not expected"));
  const work = chatWork({
    workerId: "me",
    chats,
    texts: { seal: never, open: never, sealIdentity: never, openIdentity: never },
    queue: {
      waiting: async () => [],
      isEmptyAfter: async () => true,
      at: async () => undefined,
      headersAt: async () => undefined,
    },
    bots: { find: never },
    presence: {
      isGone: async (workerId) => {
        await whileAsked(chats);
        return workerId === "gone";
      },
    },
    claims,
    answer: async (_, { turn }) => {
      answered.push(turn?.workerId ?? "");
      return OVER;
    },
    logger,
  });
  return {
    work,
    answered,
    events: async () => (await store.read(subject, conversationCodec)).map((one) => one.event.case),
  };
}

/** One chat of two processes; each knows what it last saw of it. Updates from 1 on wait, all of them commands; who answers ends the turn at once. */
async function twoWorkers(last = 2n) {
  const store = inMemoryEventStore();
  const text: WaitingUpdate["content"] = {
    kind: "text",
    text: "hello",
    isCommand: true,
    senderId: "7",
    languageCode: "en",
    messageId: "1",
    chat: { chatId: "7", threadId: "", type: "private", title: "", username: "" },
  };
  const log: { reads: number; refused: number; answered: string[] } = { reads: 0, refused: 0, answered: [] };
  const workerNamed = (workerId: string) => {
    const read: typeof store.read = (...of) => {
      log.reads += 1;
      return store.read(...of);
    };
    const append: typeof store.append = (appends) =>
      store.append(appends).catch((error: unknown) => {
        log.refused += 1;
        throw error;
      });
    const options = { decider: conversation, codec: conversationCodec, optimistic: true };
    const chats = commandHandler({ store: { read, append }, ...options });
    const sealed = async () => new Uint8Array([1]);
    const waitingAfter = (cursor: bigint) =>
      Array.from({ length: Number(last) }, (_, index) => BigInt(index + 1))
        .filter((sequence) => sequence > cursor)
        .map((streamSequence) => ({ updateId: `${streamSequence}`, streamSequence, isRepeat: false, content: text }));
    return chatWork({
      workerId,
      chats,
      texts: { seal: sealed, open: async () => "", sealIdentity: sealed, openIdentity: async () => undefined },
      queue: {
        waiting: async (_, { cursor }) => waitingAfter(cursor),
        isEmptyAfter: async (_, { cursor }) => waitingAfter(cursor).length === 0,
        at: async () => undefined,
        headersAt: async () => undefined,
      },
      bots: { find: async () => create(GetBotForReplyResponseSchema, { botId: "bot", state: BotState.ACTIVE }) },
      presence: { isGone: async () => false },
      claims: CERTAIN,
      answer: async (_, { turn }) => {
        log.answered.push(`${workerId} ${turn?.updates.map(({ updateId }) => updateId)}`);
        const turnId = turn?.turnId ?? "";
        await chats.handle(subject, { type: "GiveUpDelivery", turnId, workerId, code: "" });
        return OVER;
      },
      logger,
    });
  };
  return { log, one: workerNamed("one"), other: workerNamed("other") };
}

describe("workers that remember a chat", () => {
  it("begin the next turn without asking the log for it", async () => {
    const { one, log } = await twoWorkers();
    await one(place);
    const before = log.reads;
    await one(place);
    expect(log.answered).toEqual(["one 1", "one 2"]);
    expect(log.reads).toBe(before);
  });

  it("ask the log first where several wait: the others have probably gone on", async () => {
    const { one, other, log } = await twoWorkers(4n);
    await one(place);
    await other(place);
    await other(place);
    await one(place);
    expect(log.answered).toEqual(["one 1", "other 2", "other 3", "one 4"]);
    expect(log.refused).toBe(0);
  });

  it("answer nothing that another has answered since: the log refuses the claim, and they look again", async () => {
    const { one, other, log } = await twoWorkers();
    await one(place);
    await other(place);
    expect(log.answered).toEqual(["one 1", "other 2"]);
    await one(place);
    expect(await one(place)).toEqual({ kind: "idle" });
    expect(log.answered).toEqual(["one 1", "other 2"]);
  });
});

describe("a worker that is nudged", () => {
  it("has nothing to do where nothing waits", async () => {
    const { work } = await chatWith(opened);
    expect(await work(place)).toEqual({ kind: "idle" });
  });

  it("leaves a turn to the living worker that claims it", async () => {
    const { work, answered } = await chatWith(opened, startedBy("other"));
    expect(await work(place)).toEqual({ kind: "held" });
    expect(answered).toEqual([]);
  });

  it("goes on with its own turn, then looks again", async () => {
    const { work, answered } = await chatWith(opened, startedBy("me"));
    expect(await work(place)).toEqual({ kind: "later", ms: 0 });
    expect(answered).toEqual(["me"]);
  });

  it("takes over the turn of a worker that is gone", async () => {
    const { work, answered, events } = await chatWith(opened, startedBy("gone"));
    await work(place);
    expect(answered).toEqual(["me"]);
    expect((await events()).at(-1)).toBe("turnTakenOver");
  });

  it("takes nothing over from one that is back: what it saw of it before holds no more", async () => {
    const back = async (chats: ChatLog) => {
      await chats.handle(subject, { type: "TakeOverTurn", turnId: "t", workerId: "gone", from: "gone" });
    };
    const { work, answered, events } = await chatUnder(CERTAIN, [opened, startedBy("gone")], back);
    expect(await work(place)).toEqual({ kind: "later", ms: 0 });
    expect(answered).toEqual([]);
    expect(await events()).toEqual(["chatOpened", "turnStarted", "turnTakenOver"]);
  });

  it("claims its own turn once more in the log before it goes on, where it may have counted as gone", async () => {
    const { work, answered, events } = await chatUnder({ ...CERTAIN, isCertain: () => false }, [
      opened,
      startedBy("me"),
    ]);
    await work(place);
    expect(answered).toEqual(["me"]);
    expect((await events()).at(-1)).toBe("turnTakenOver");
  });

  it("rests while its own presence may have run out", async () => {
    const { work, answered } = await chatUnder({ ...CERTAIN, canClaim: () => false }, [opened, startedBy("me")]);
    expect(await work(place)).toEqual({ kind: "later", ms: 500 });
    expect(answered).toEqual([]);
  });

  it("answers no turn over which ten workers ended, however often it is asked", async () => {
    const taken: ChatEvent = {
      case: "turnTakenOver",
      value: create(TurnTakenOverSchema, { turnId: "t", workerId: "gone", attempt: 10 }),
    };
    const { work, answered } = await chatWith(opened, startedBy("first"), taken);
    for (let time = 0; time < 2; time++) await expect(work(place)).rejects.toThrow("outlived");
    expect(answered).toEqual([]);
  });
});
