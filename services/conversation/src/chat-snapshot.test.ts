import { createHash } from "node:crypto";
import { fold } from "@botfactory/decider";
import { Language } from "@botfactory/proto/events/v1/account";
import { ReplyKind, TurnSource, TurnUpdateSchema } from "@botfactory/proto/events/v1/conversation";
import { create } from "@bufbuild/protobuf";
import { describe, expect, it } from "@jest/globals";
import fc from "fast-check";
import { chatSnapshot } from "./chat-snapshot.ts";
import type { ConversationCommand } from "./domain/commands.ts";
import { conversation } from "./domain/conversation.ts";
import type { ChatEvent } from "./domain/conversation-state.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

/** One command about turn `n` by one of two workers; on most states most of them are refused. */
function command(kind: string, n: number, worker: string): ConversationCommand {
  const claim = { turnId: `t${n}`, workerId: worker };
  const updates = [create(TurnUpdateSchema, { updateId: `${n}`, streamSequence: BigInt(n), messageId: `m${n}` })];
  switch (kind) {
    case "pass":
      return { type: "PassOverUpdates", updates, reason: "no_text" };
    case "draft": {
      const spent = { model: "m", promptVersion: 1, inputTokens: 2, outputTokens: 3 };
      return {
        type: "DraftReply",
        ...claim,
        kind: ReplyKind.ANSWER,
        refusalCode: "",
        sealedText: bytes("yo"),
        ...spent,
      };
    }
    case "part":
      return { type: "RecordPartSent", ...claim, part: 0, messageId: "p" };
    case "doubt":
      return { type: "DoubtSend", ...claim, part: 1, reason: "timeout" };
    case "sent":
      return { type: "RecordReplySent", ...claim, messageIds: ["p", "q"] };
    case "give-up":
      return { type: "GiveUpDelivery", ...claim, code: "token_revoked" };
    case "take-over":
      return { type: "TakeOverTurn", ...claim, from: worker === "a" ? "b" : "a" };
    default:
      return {
        type: "StartTurn",
        ...claim,
        updates,
        sealedText: bytes(`words ${n}`),
        language: n % 2 === 0 ? Language.UZ : Language.RU,
        source: TurnSource.TELEGRAM,
        startedAtUnixMs: 1n,
        opened: { ownerId: "o", sealedIdentity: bytes("Ada") },
      };
  }
}

const steps = ["start", "start", "pass", "draft", "draft", "part", "doubt", "sent", "sent", "give-up", "take-over"];
const wishes = fc.array(fc.tuple(fc.constantFrom(...steps), fc.constantFrom("a", "b")), { maxLength: 80 });

/** The events of a chat in which these things were tried, each about the newest turn. */
function historyOf(tried: readonly (readonly [string, string])[]): ChatEvent[] {
  const events: ChatEvent[] = [];
  let newest = 0;
  for (const [kind, worker] of tried) {
    if (kind === "start" || kind === "pass") newest += 1;
    try {
      events.push(...conversation.decide(command(kind, newest, worker), fold(conversation, events)));
    } catch {
      // Refused: the history goes on without it.
    }
  }
  return events;
}

const from = (initial: typeof conversation.initial, events: readonly ChatEvent[]) =>
  fold({ ...conversation, initial }, events);

describe("a snapshot of a chat", () => {
  it("is let go of once it was read: what the chat remembers of it are copies", () => {
    const answered = ["start", "draft", "sent", "start", "draft"].map((kind) => [kind, "a"] as const);
    const stored = chatSnapshot.encode(from(conversation.initial, historyOf(answered)));
    const { sealedIdentity, past, turn } = chatSnapshot.decode(stored);
    const said = past.flatMap(({ sealedText, sealedReply }) => [sealedText, sealedReply]);
    const remembered = [sealedIdentity, ...said, turn?.sealedText, turn?.draft?.sealedText];
    expect(remembered).toHaveLength(5);
    for (const one of remembered) expect(one?.buffer).not.toBe(stored.buffer);
  });

  it("with the events after it gives the state that all events give, wherever it was taken", () => {
    fc.assert(
      fc.property(wishes, fc.nat(), (tried, cut) => {
        const events = historyOf(tried);
        const at = cut % (events.length + 1);
        const snapshot = chatSnapshot.decode(chatSnapshot.encode(fold(conversation, events.slice(0, at))));
        expect(from(snapshot, events.slice(at))).toEqual(fold(conversation, events));
      }),
      { numRuns: 300 },
    );
  });

  it("has another version when the same events come to another state", () => {
    const rounds = Array.from({ length: 60 }, () =>
      ["start", "draft", "part", "sent"].map((kind) => [kind, "a"] as const),
    );
    const open = ["pass", "start", "take-over", "draft", "doubt", "part"].map(
      (kind) => [kind, kind === "start" ? "a" : "b"] as const,
    );
    const digest = (...tried: (readonly [string, string])[]) =>
      createHash("sha256")
        .update(chatSnapshot.encode(fold(conversation, historyOf(tried))))
        .digest("hex")
        .slice(0, 16);
    const states = [digest(...rounds.flat()), digest(...rounds.flat().slice(0, 9), ...open)];
    // Differs? Then raise `version` in chat-snapshot.ts: stored snapshots hold what the old evolve made.
    expect([chatSnapshot.version, ...states]).toEqual([1, "d61d4830d3e0e4c6", "a4f2861bc8f63af0"]);
  });
});
