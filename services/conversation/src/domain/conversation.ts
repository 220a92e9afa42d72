import { type Decider, DomainError } from "@botfactory/decider";
import { Language } from "@botfactory/proto/events/v1/account";
import {
  ChatOpenedSchema,
  ReplyDraftedSchema,
  ReplyKind,
  ReplyPartSentSchema,
  ReplySendDoubtedSchema,
  ReplySentSchema,
  ReplyUndeliverableSchema,
  TestMessageSentSchema,
  TurnQuarantinedSchema,
  TurnRefusedSchema,
  TurnStartedSchema,
  TurnTakenOverSchema,
  UpdatesPassedOverSchema,
} from "@botfactory/proto/events/v1/conversation";
import { create } from "@bufbuild/protobuf";
import type { ConversationCommand, OfTurn, StartTurn, TakeOverTurn } from "./commands.ts";
import { type ChatEvent, type Conversation, evolve, type Turn } from "./conversation-state.ts";

/** One chat of one bot: at most one turn at a time, each update in one turn, each step by the worker that claims it. */
export const conversation: Decider<ConversationCommand, Conversation, ChatEvent> = {
  initial: {
    sealedIdentity: undefined,
    cursor: 0n,
    seen: [],
    turn: undefined,
    past: [],
    language: Language.UNSPECIFIED,
  },
  decide(command, state) {
    switch (command.type) {
      case "StartTurn":
        return startTurn(command, state);
      case "PassOverUpdates":
        return passOver(command, state);
      case "RecordTestMessage":
        return [{ case: "testMessageSent", value: create(TestMessageSentSchema, command) }];
      case "TakeOverTurn":
        return takeOver(command, state);
      default:
        return stepOfTurn(command, claimed(command, state));
    }
  },
  evolve,
};

function startTurn({ type: _, opened, ...turn }: StartTurn, state: Conversation): readonly ChatEvent[] {
  if (state.turn !== undefined || turn.updates.some((update) => isTaken(update, state))) throw lostClaim();
  const started: ChatEvent = { case: "turnStarted", value: create(TurnStartedSchema, turn) };
  if (state.sealedIdentity !== undefined) return [started];
  return [{ case: "chatOpened", value: create(ChatOpenedSchema, opened) }, started];
}

function passOver({ updates, reason }: ConversationCommand & { type: "PassOverUpdates" }, state: Conversation) {
  const open = updates.filter(({ streamSequence }) => streamSequence > state.cursor);
  if (open.length === 0) return [];
  const value = create(UpdatesPassedOverSchema, { updates: [...open], reason });
  return [{ case: "updatesPassedOver", value } satisfies ChatEvent];
}

function takeOver({ turnId, workerId, from }: TakeOverTurn, { turn }: Conversation): readonly ChatEvent[] {
  if (turn?.turnId !== turnId || turn.workerId !== from) throw lostClaim();
  // Back from where it may have counted as gone: one event tells those who thought so. It knows itself what it has sent.
  if (from === workerId)
    return [{ case: "turnTakenOver", value: create(TurnTakenOverSchema, { turnId, workerId, attempt: turn.attempt }) }];
  const value = create(TurnTakenOverSchema, { turnId, workerId, attempt: turn.attempt + 1 });
  const taken: ChatEvent = { case: "turnTakenOver", value };
  if (turn.draft === undefined) return [taken];
  // The one that is gone may have sent the part it was at. Told in one step: an heir that failed in between would forget it.
  const doubt = create(ReplySendDoubtedSchema, { turnId, part: turn.messageIds.length, reason: "worker_gone" });
  return [taken, { case: "replySendDoubted", value: doubt }];
}

function stepOfTurn(command: OfTurn, turn: Turn): readonly ChatEvent[] {
  switch (command.type) {
    case "DraftReply":
      // A draft is final: a retried worker sends the one that is there.
      if (turn.draft !== undefined) return [];
      return [{ case: "replyDrafted", value: create(ReplyDraftedSchema, command) }];
    case "RecordPartSent":
      return [{ case: "replyPartSent", value: create(ReplyPartSentSchema, command) }];
    case "DoubtSend":
      return [{ case: "replySendDoubted", value: create(ReplySendDoubtedSchema, command) }];
    case "RecordReplySent":
      return [replyOver(turn, command.messageIds)];
    case "GiveUpDelivery":
      return [{ case: "replyUndeliverable", value: create(ReplyUndeliverableSchema, command) }];
    case "QuarantineTurn":
      return [{ case: "turnQuarantined", value: create(TurnQuarantinedSchema, command) }];
  }
}

function replyOver({ turnId, draft }: Turn, ids: readonly string[]): ChatEvent {
  const messageIds = [...ids];
  if (draft === undefined) throw new DomainError("conflict", "reply_not_drafted");
  if (draft.kind === ReplyKind.ANSWER)
    return { case: "replySent", value: create(ReplySentSchema, { turnId, messageIds }) };
  return { case: "turnRefused", value: create(TurnRefusedSchema, { turnId, code: draft.refusalCode, messageIds }) };
}

function claimed({ turnId, workerId }: OfTurn, { turn }: Conversation): Turn {
  if (turn?.turnId !== turnId || turn.workerId !== workerId) throw lostClaim();
  return turn;
}

/** Whether an update belongs to an earlier turn: by its place in the log, or by its id when it was stored twice. */
export function isTaken(update: { readonly updateId: string; readonly streamSequence: bigint }, state: Conversation) {
  const { streamSequence, updateId } = update;
  return (streamSequence > 0n && streamSequence <= state.cursor) || state.seen.includes(updateId);
}

// Not of the catalogue: no person ever reads it, the worker that gets it drops its work.
export type { Conversation } from "./conversation-state.ts";

export const CLAIM_LOST = "claim_lost";

export function lostClaim(): DomainError {
  return new DomainError("conflict", CLAIM_LOST);
}
