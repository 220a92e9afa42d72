import type { Recorded } from "@botfactory/event-store";
import { Author, MessageStatus } from "@botfactory/proto/conversation/v1/conversation";
import {
  ChatOpenedSchema,
  ReplyDraftedSchema,
  ReplyKind,
  ReplySentSchema,
  TestMessageSentSchema,
  TurnQuarantinedSchema,
  TurnStartedSchema,
} from "@botfactory/proto/events/v1/conversation";
import { create } from "@bufbuild/protobuf";
import { describe, expect, it } from "@jest/globals";
import type { ChatEvent } from "../domain/conversation-state.ts";
import { chatIdsOf, type ProjectedChat, projectChat } from "./project-chat.ts";
import { type DailyStats, dayIdsOf, projectDay } from "./project-daily-stats.ts";
import { messageIdsOf, type ProjectedMessage, projectMessage } from "./project-message.ts";

const sealed = (text: string) => new TextEncoder().encode(text);
const recorded = (event: ChatEvent, sequence: number): Recorded<ChatEvent> => ({
  event,
  sequence,
  id: `e${sequence}`,
  subject: "conversations.bot.chat",
  time: new Date(`2026-01-01T00:00:0${sequence}Z`),
  version: sequence,
  hash: "",
});
const turnId = "t1";
const history = [
  { case: "chatOpened", value: create(ChatOpenedSchema, { sealedIdentity: sealed("Ada") }) },
  { case: "turnStarted", value: create(TurnStartedSchema, { turnId, sealedText: sealed("Hi") }) },
  {
    case: "replyDrafted",
    value: create(ReplyDraftedSchema, {
      turnId,
      kind: ReplyKind.ANSWER,
      sealedText: sealed("Yo"),
      inputTokens: 2,
      outputTokens: 3,
    }),
  },
  { case: "replySent", value: create(ReplySentSchema, { turnId, messageIds: ["9"] }) },
  { case: "testMessageSent", value: create(TestMessageSentSchema, { messageId: "10", sealedText: sealed("Test") }) },
] satisfies ChatEvent[];
const log = history.map((event, index) => recorded(event, index + 1));

describe("the documents of a chat", () => {
  it("tell who wrote last and how much", () => {
    const told = log.filter((one) => chatIdsOf(one).includes("bot.chat"));
    const chat = told.reduce<ProjectedChat | undefined>(projectChat, undefined);
    expect(chat).toMatchObject({
      messages: 3,
      lastMessageAt: new Date("2026-01-01T00:00:05Z"),
      botId: "bot",
      chatKey: "chat",
    });
  });

  it("have no chat where only the owner wrote", () => {
    expect(log.slice(4).reduce<ProjectedChat | undefined>(projectChat, undefined)).toBeUndefined();
  });

  it("have the words, the reply and the test message, each with its state", () => {
    const messages = new Map<string, ProjectedMessage | undefined>();
    const quarantined = create(TurnQuarantinedSchema, { turnId: "t2", code: "internal" });
    const started = create(TurnStartedSchema, { turnId: "t2", sealedText: sealed("Oh") });
    const more = [
      recorded({ case: "turnStarted", value: started }, 6),
      recorded({ case: "turnQuarantined", value: quarantined }, 7),
    ];
    for (const one of [...log, ...more]) {
      for (const id of messageIdsOf(one)) messages.set(id, projectMessage(messages.get(id), one));
    }
    expect([...messages].map(([id, message]) => [id, message?.author, message?.status])).toEqual([
      ["t1.words", Author.USER, MessageStatus.RECEIVED],
      ["t1.reply", Author.BOT, MessageStatus.SENT],
      ["e5", Author.OWNER, MessageStatus.SENT],
      ["t2.words", Author.USER, MessageStatus.QUARANTINED],
      ["t2.reply", undefined, undefined],
    ]);
  });

  it("count the day", () => {
    const told = log.filter((one) => dayIdsOf(one).includes("bot.2026-01-01"));
    const day = told.reduce<DailyStats | undefined>(projectDay, undefined);
    expect(day).toMatchObject({ turns: 1, answers: 1, refusals: 0, inputTokens: 2, outputTokens: 3 });
  });
});
