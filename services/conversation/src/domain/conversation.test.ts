import { fold } from "@botfactory/decider";
import { specFor } from "@botfactory/decider/testing";
import { Language } from "@botfactory/proto/events/v1/account";
import {
  ChatOpenedSchema,
  ReplyDraftedSchema,
  ReplyKind,
  ReplyPartSentSchema,
  ReplySendDoubtedSchema,
  ReplySentSchema,
  ReplyUndeliverableSchema,
  TurnQuarantinedSchema,
  TurnRefusedSchema,
  TurnSource,
  TurnStartedSchema,
  TurnTakenOverSchema,
  TurnUpdateSchema,
  UpdatesPassedOverSchema,
} from "@botfactory/proto/events/v1/conversation";
import { create } from "@bufbuild/protobuf";
import { describe, expect, it } from "@jest/globals";
import type { StartTurn } from "./commands.ts";
import { CLAIM_LOST, conversation } from "./conversation.ts";
import type { ChatEvent } from "./conversation-state.ts";

const given = specFor(conversation);
const bytes = (text: string) => new TextEncoder().encode(text);
const update = (id: number) =>
  create(TurnUpdateSchema, { updateId: String(1_000 + id), streamSequence: BigInt(id), messageId: String(id) });

function start(turnId: string, ...ids: number[]): StartTurn {
  return {
    type: "StartTurn",
    turnId,
    workerId: "w1",
    updates: ids.map(update),
    sealedText: bytes(`words ${turnId}`),
    language: Language.UZ,
    source: TurnSource.TELEGRAM,
    startedAtUnixMs: 1n,
    opened: { ownerId: "owner", sealedIdentity: bytes("Ada") },
  };
}
const opened: ChatEvent = {
  case: "chatOpened",
  value: create(ChatOpenedSchema, { ownerId: "owner", sealedIdentity: bytes("Ada") }),
};
function started(turnId: string, ...ids: number[]): ChatEvent {
  const { type: _, opened: __, ...turn } = start(turnId, ...ids);
  return { case: "turnStarted", value: create(TurnStartedSchema, turn) };
}
const mine = { turnId: "t1", workerId: "w1" };
const draft = {
  refusalCode: "",
  sealedText: bytes("reply"),
  model: "m",
  promptVersion: 3,
  inputTokens: 5,
  outputTokens: 7,
};
const drafted = (kind = ReplyKind.ANSWER, refusalCode = ""): ChatEvent => ({
  case: "replyDrafted",
  value: create(ReplyDraftedSchema, { ...draft, turnId: "t1", kind, refusalCode }),
});
const sent = (...messageIds: string[]): ChatEvent => ({
  case: "replySent",
  value: create(ReplySentSchema, { turnId: "t1", messageIds }),
});
const partSent = (part: number): ChatEvent => ({
  case: "replyPartSent",
  value: create(ReplyPartSentSchema, { turnId: "t1", part, messageId: `m${part}` }),
});
const taken: ChatEvent = {
  case: "turnTakenOver",
  value: create(TurnTakenOverSchema, { turnId: "t1", workerId: "w2", attempt: 2 }),
};

describe("a chat nobody wrote in", () => {
  it("opens with its first turn", () => given().when(start("t1", 7)).then(opened, started("t1", 7)));
  it("passes over what calls for no answer", () => {
    const value = create(UpdatesPassedOverSchema, { updates: [update(7)], reason: "bot_paused" });
    given()
      .when({ type: "PassOverUpdates", updates: [update(7)], reason: "bot_paused" })
      .then({ case: "updatesPassedOver", value });
  });
});

describe("a chat with an open turn", () => {
  const open = [opened, started("t1", 7)];

  it("takes no second turn", () =>
    given(...open)
      .when(start("t2", 8))
      .thenRefuses(CLAIM_LOST));
  it("takes the model's answer from the worker that claims it", () =>
    given(...open)
      .when({ type: "DraftReply", ...mine, kind: ReplyKind.ANSWER, ...draft })
      .then(drafted()));
  it("takes nothing from a worker that does not", () =>
    given(...open)
      .when({ type: "DraftReply", turnId: "t1", workerId: "w2", kind: ReplyKind.ANSWER, ...draft })
      .thenRefuses(CLAIM_LOST));
  it("is taken over when its worker is gone", () =>
    given(...open)
      .when({ type: "TakeOverTurn", turnId: "t1", workerId: "w2", from: "w1" })
      .then(taken));
  it("is taken over once, when two workers try", () =>
    given(...open, taken)
      .when({ type: "TakeOverTurn", turnId: "t1", workerId: "w3", from: "w1" })
      .thenRefuses(CLAIM_LOST));
  it("is claimed once more by its own worker, that knows what it sent: no new attempt and no doubt", () => {
    const value = create(TurnTakenOverSchema, { turnId: "t1", workerId: "w1", attempt: 1 });
    given(...open, drafted())
      .when({ type: "TakeOverTurn", turnId: "t1", workerId: "w1", from: "w1" })
      .then({ case: "turnTakenOver", value });
  });
  it("takes nothing more from the worker that lost it", () =>
    given(...open, drafted(), taken)
      .when({ type: "RecordReplySent", ...mine, messageIds: ["m0"] })
      .thenRefuses(CLAIM_LOST));
  it("cannot be over before anything is drafted", () =>
    given(...open)
      .when({ type: "RecordReplySent", ...mine, messageIds: [] })
      .thenRefuses("reply_not_drafted"));
  it("is set aside after repeated failure", () => {
    const value = create(TurnQuarantinedSchema, { turnId: "t1", code: "internal", attempts: 5 });
    given(...open)
      .when({ type: "QuarantineTurn", ...mine, code: "internal", attempts: 5 })
      .then({ case: "turnQuarantined", value });
  });
});

describe("a turn with a draft", () => {
  const open = [opened, started("t1", 7), drafted()];

  it("keeps the first draft, so that the model is asked once", () =>
    given(...open)
      .when({ type: "DraftReply", ...mine, kind: ReplyKind.ANSWER, ...draft })
      .then());
  it("notes each part of a long reply", () =>
    given(...open)
      .when({ type: "RecordPartSent", ...mine, part: 0, messageId: "m0" })
      .then(partSent(0)));
  it("notes a doubt", () => {
    const value = create(ReplySendDoubtedSchema, { turnId: "t1", part: 0, reason: "timeout" });
    given(...open)
      .when({ type: "DoubtSend", ...mine, part: 0, reason: "timeout" })
      .then({ case: "replySendDoubted", value });
  });
  it("is taken over with the doubt about the part its worker was at, in one step", () => {
    const value = create(ReplySendDoubtedSchema, { turnId: "t1", part: 1, reason: "worker_gone" });
    given(...open, partSent(0))
      .when({ type: "TakeOverTurn", turnId: "t1", workerId: "w2", from: "w1" })
      .then(taken, { case: "replySendDoubted", value });
  });
  it("is over when all of it is sent", () =>
    given(...open, partSent(0))
      .when({ type: "RecordReplySent", ...mine, messageIds: ["m0", "m1"] })
      .then(sent("m0", "m1")));
  it("is over when Telegram will never take it", () => {
    const value = create(ReplyUndeliverableSchema, { turnId: "t1", code: "bot_blocked_by_user" });
    given(...open)
      .when({ type: "GiveUpDelivery", ...mine, code: "bot_blocked_by_user" })
      .then({ case: "replyUndeliverable", value });
  });
  it("tells a refusal from an answer", () => {
    const value = create(TurnRefusedSchema, { turnId: "t1", code: "ai_rate_day", messageIds: ["m0"] });
    given(opened, started("t1", 7), drafted(ReplyKind.REFUSAL, "ai_rate_day"))
      .when({ type: "RecordReplySent", ...mine, messageIds: ["m0"] })
      .then({ case: "turnRefused", value });
  });
});

describe("a chat with answered turns", () => {
  const past = [opened, started("t1", 7, 8), drafted(), sent("m0")];

  it("takes the next turn without opening again", () =>
    given(...past)
      .when(start("t2", 9))
      .then(started("t2", 9)));
  it("answers no update twice, neither by its place in the log nor by its id", () => {
    given(...past)
      .when(start("t2", 8))
      .thenRefuses(CLAIM_LOST);
    const again = create(TurnUpdateSchema, { updateId: "1007", streamSequence: 20n });
    given(...past)
      .when({ ...start("t2"), updates: [again] })
      .thenRefuses(CLAIM_LOST);
  });
  it("passes over only what is still open", () =>
    given(...past)
      .when({ type: "PassOverUpdates", updates: [update(8)], reason: "no_text" })
      .then());
  it("remembers what was said, and of refusals nothing", () => {
    const refused: ChatEvent = { case: "turnRefused", value: create(TurnRefusedSchema, { turnId: "t2", code: "x" }) };
    const state = fold(conversation, [...past, started("t2", 9), refused]);
    expect(state.past).toEqual([{ sealedText: bytes("words t1"), sealedReply: bytes("reply") }]);
    expect(state).toMatchObject({ cursor: 9n, language: Language.UZ, turn: undefined });
  });
  it("bounds what it keeps", () => {
    const turns = Array.from({ length: 1_100 }, (_, id) => [started("t1", id + 1), drafted(), sent()]).flat();
    const state = fold(conversation, [opened, ...turns]);
    expect(state.past).toHaveLength(50);
    expect(state.seen).toHaveLength(1_000);
  });
});
