import type { Language } from "@botfactory/proto/events/v1/account";
import type {
  ConversationEvent,
  ReplyDrafted,
  TurnSource,
  TurnStarted,
  TurnUpdate,
} from "@botfactory/proto/events/v1/conversation";

export type ChatEvent = Exclude<ConversationEvent["event"], { case: undefined }>;

/** One chat of one bot; texts stay sealed. */
export interface Conversation {
  /** The `ChatIdentity`, sealed; absent until somebody wrote. */
  readonly sealedIdentity: Uint8Array | undefined;
  /** Sequence in stream UPDATES of the newest update that was taken or passed over. */
  readonly cursor: bigint;
  /** The newest update ids, for a repeat that was stored again after the log's window of duplicates. */
  readonly seen: readonly string[];
  readonly turn: Turn | undefined;
  /** Answered turns, oldest first. */
  readonly past: readonly Exchange[];
  /** Of the user's last words. */
  readonly language: Language;
}

/** The turn that is being answered, claimed by one worker. */
export interface Turn {
  readonly turnId: string;
  readonly workerId: string;
  readonly attempt: number;
  readonly updates: readonly TurnUpdate[];
  readonly sealedText: Uint8Array;
  readonly language: Language;
  readonly source: TurnSource;
  readonly draft: ReplyDrafted | undefined;
  /** Telegram's id of each part that is settled; "" when its delivery was doubted and is not repeated. */
  readonly messageIds: readonly string[];
  /** The part each doubt was about. */
  readonly doubts: readonly number[];
}

/** What was said and what was answered. */
export interface Exchange {
  readonly sealedText: Uint8Array;
  readonly sealedReply: Uint8Array;
}

// Telegram's queue of one chat is far shorter than this; ids restart at random after a week of silence.
const SEEN_KEPT = 1_000;
const EXCHANGES_KEPT = 50;

export function evolve(state: Conversation, event: ChatEvent): Conversation {
  switch (event.case) {
    case "chatOpened":
      return { ...state, sealedIdentity: event.value.sealedIdentity };
    case "turnStarted":
      return { ...taken(state, event.value.updates), turn: started(event.value), language: event.value.language };
    case "updatesPassedOver":
      return taken(state, event.value.updates);
    case "turnTakenOver":
      return inTurn(state, { workerId: event.value.workerId, attempt: event.value.attempt });
    case "replyDrafted":
      return inTurn(state, { draft: event.value });
    case "replyPartSent":
      return inTurn(state, { messageIds: [...(state.turn?.messageIds ?? []), event.value.messageId] });
    case "replySendDoubted":
      return inTurn(state, { doubts: [...(state.turn?.doubts ?? []), event.value.part] });
    case "replySent":
      return { ...state, turn: undefined, past: remembered(state) };
    case "turnRefused":
    case "replyUndeliverable":
    case "turnQuarantined":
      return { ...state, turn: undefined };
    case "testMessageSent":
      return state;
  }
}

function started(event: TurnStarted): Turn {
  const { turnId, workerId, updates, sealedText, language, source } = event;
  return {
    turnId,
    workerId,
    attempt: 1,
    updates,
    sealedText,
    language,
    source,
    draft: undefined,
    messageIds: [],
    doubts: [],
  };
}

function taken(state: Conversation, updates: readonly TurnUpdate[]): Conversation {
  const seen = [...state.seen, ...updates.map(({ updateId }) => updateId)].slice(-SEEN_KEPT);
  const newest = updates.at(-1)?.streamSequence ?? 0n;
  // The test chat's turns have no place in stream UPDATES.
  if (newest <= state.cursor) return { ...state, seen };
  return { ...state, seen, cursor: newest };
}

function inTurn(state: Conversation, change: Partial<Turn>): Conversation {
  return state.turn === undefined ? state : { ...state, turn: { ...state.turn, ...change } };
}

function remembered({ past, turn }: Conversation): readonly Exchange[] {
  if (turn?.draft === undefined) return past;
  return [...past, { sealedText: turn.sealedText, sealedReply: turn.draft.sealedText }].slice(-EXCHANGES_KEPT);
}
