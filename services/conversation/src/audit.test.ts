import {
  ChatOpenedSchema,
  ReplyDraftedSchema,
  ReplySentSchema,
  TurnStartedSchema,
  TurnTakenOverSchema,
  TurnUpdateSchema,
  UpdatesPassedOverSchema,
} from "@botfactory/proto/events/v1/conversation";
import { create } from "@bufbuild/protobuf";
import { beforeEach, describe, expect, it } from "@jest/globals";
import { auditedStream } from "./audit.ts";
import { conversationCodec } from "./chat-log.ts";
import type { ChatEvent } from "./domain/conversation-state.ts";

let audited: ReturnType<typeof auditedStream>;
beforeEach(() => {
  audited = auditedStream({ owners: new Map([["b1", "ada"]]) });
});

const see = (event: ChatEvent) => {
  const { payload: data } = conversationCodec.encode(event);
  const at = { sequence: 1, id: "e", type: "t", version: 1, hash: "", time: new Date(0) };
  const found = audited.aggregates["conversations"]?.see({ ...at, subject: "conversations.b1.c1", data });
  return found?.map(({ invariant }) => invariant);
};
const updates = (...at: bigint[]) => at.map((streamSequence) => create(TurnUpdateSchema, { streamSequence }));
const opened = (ownerId: string): ChatEvent => ({ case: "chatOpened", value: create(ChatOpenedSchema, { ownerId }) });
const started = (turnId: string, ...at: bigint[]): ChatEvent => ({
  case: "turnStarted",
  value: create(TurnStartedSchema, { turnId, workerId: "w", updates: updates(...at) }),
});
const drafted = (turnId: string): ChatEvent => ({
  case: "replyDrafted",
  value: create(ReplyDraftedSchema, { turnId }),
});
const sent = (turnId: string): ChatEvent => ({ case: "replySent", value: create(ReplySentSchema, { turnId }) });
const takenOver = (turnId: string, attempt: number, workerId = "heir"): ChatEvent => ({
  case: "turnTakenOver",
  value: create(TurnTakenOverSchema, { turnId, attempt, workerId }),
});

describe("the audit of a chat", () => {
  it("finds nothing in a turn that was started, taken over, drafted and sent", () => {
    for (const event of [
      opened("ada"),
      started("t1", 4n, 5n),
      takenOver("t1", 1, "w"),
      takenOver("t1", 2),
      drafted("t1"),
      sent("t1"),
    ])
      expect(see(event)).toEqual([]);
  });

  it("finds a chat opened for another owner than the bot's", () =>
    expect(see(opened("bob"))).toEqual(["a chat is its bot's owner's"]));

  it("finds a reply that was never drafted, and one drafted twice", () => {
    see(started("t1", 1n));
    expect(see(sent("t1"))).toEqual(["ReplySent only after ReplyDrafted"]);
    see(started("t2", 2n));
    see(drafted("t2"));
    expect(see(drafted("t2"))).toEqual(["ReplySent only after ReplyDrafted"]);
  });

  it("finds a reply sent twice", () => {
    for (const event of [started("t1", 1n), drafted("t1"), sent("t1")]) see(event);
    expect(see(sent("t1"))).toContain("at most one ReplySent per turn");
  });

  it("finds two claims at a time", () => {
    see(started("t1", 1n));
    expect(see(started("t2", 2n))).toEqual(["at most one live claim"]);
    expect(see(takenOver("t1", 2))).toEqual(["at most one live claim"]);
    expect(see(takenOver("t2", 1))).toEqual(["at most one live claim"]);
  });

  it("finds an update that was taken twice", () => {
    for (const event of [started("t1", 3n), drafted("t1"), sent("t1")]) see(event);
    const again = {
      case: "updatesPassedOver",
      value: create(UpdatesPassedOverSchema, { updates: updates(2n) }),
    } as const;
    expect(see(again)).toEqual(["an update is answered once"]);
    expect(see(started("t2", 3n))).toEqual(["an update is answered once"]);
  });
});
