import type { Language } from "@botfactory/proto/events/v1/account";
import type { ReplyKind, TurnSource, TurnUpdate } from "@botfactory/proto/events/v1/conversation";

/** Takes waiting updates as one turn; `opened` counts only if the chat is new. */
export interface StartTurn {
  readonly type: "StartTurn";
  readonly turnId: string;
  readonly workerId: string;
  readonly updates: TurnUpdate[];
  readonly sealedText: Uint8Array;
  readonly language: Language;
  readonly source: TurnSource;
  readonly startedAtUnixMs: bigint;
  readonly opened: { readonly ownerId: string; readonly sealedIdentity: Uint8Array };
}

export interface PassOverUpdates {
  readonly type: "PassOverUpdates";
  readonly updates: readonly TurnUpdate[];
  readonly reason: string;
}

export interface RecordTestMessage {
  readonly type: "RecordTestMessage";
  readonly messageId: string;
  readonly sealedText: Uint8Array;
}

/** `from` is the worker whose presence ended; the same as `workerId` for one that may have counted as gone and is back. */
export interface TakeOverTurn extends Claim {
  readonly type: "TakeOverTurn";
  readonly from: string;
}

interface Claim {
  readonly turnId: string;
  readonly workerId: string;
}

export interface DraftReply extends Claim {
  readonly type: "DraftReply";
  readonly kind: ReplyKind;
  readonly refusalCode: string;
  readonly sealedText: Uint8Array;
  readonly model: string;
  readonly promptVersion: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
}

export interface RecordPartSent extends Claim {
  readonly type: "RecordPartSent";
  readonly part: number;
  readonly messageId: string;
}

export interface DoubtSend extends Claim {
  readonly type: "DoubtSend";
  readonly part: number;
  readonly reason: string;
}

export interface RecordReplySent extends Claim {
  readonly type: "RecordReplySent";
  readonly messageIds: readonly string[];
}

export interface GiveUpDelivery extends Claim {
  readonly type: "GiveUpDelivery";
  readonly code: string;
}

export interface QuarantineTurn extends Claim {
  readonly type: "QuarantineTurn";
  readonly code: string;
  readonly attempts: number;
}

/** A step only the worker that holds the claim may take. */
export type OfTurn = DraftReply | RecordPartSent | DoubtSend | RecordReplySent | GiveUpDelivery | QuarantineTurn;

export type ConversationCommand = StartTurn | PassOverUpdates | RecordTestMessage | TakeOverTurn | OfTurn;
