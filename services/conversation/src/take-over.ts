import type { Logger } from "@botfactory/service-kit";
import type { ChatLog } from "./chat-log.ts";
import { type ChatPlace, conversationSubject } from "./chat-place.ts";
import type { Claims } from "./claims.ts";
import { lostClaim } from "./domain/conversation.ts";
import type { Conversation, Turn } from "./domain/conversation-state.ts";
import { recordTurn } from "./turn-outcomes.ts";

export interface Heir {
  readonly chats: ChatLog;
  readonly workerId: string;
  readonly claims: Claims;
  readonly logger: Logger;
}

export type OpenChat = Conversation & { readonly turn: Turn };

// A turn that ends the process it is worked on in would otherwise end one after another.
const MOST_WORKERS = 10;

/**
 * The chat with its open turn claimed by this worker: taken over from one that is gone, or once more where this one may
 * have counted as gone itself. Throws when too many are gone over it: then it is to be set aside.
 */
export async function claimed(heir: Heir, place: ChatPlace, state: OpenChat): Promise<Conversation> {
  const { turnId, workerId } = state.turn;
  const isMine = workerId === heir.workerId && heir.claims.isCertain(turnId);
  const mine = isMine ? state : await takeOver(heir, place, state.turn);
  if ((mine.turn?.attempt ?? 0) > MOST_WORKERS) throw new Error("a turn outlived its workers");
  return mine;
}

async function takeOver(
  { chats, workerId, claims, logger }: Heir,
  place: ChatPlace,
  turn: Turn,
): Promise<Conversation> {
  const { turnId, workerId: from } = turn;
  claims.claiming(turnId);
  const { state } = await chats.handle(conversationSubject(place), (now) => {
    // Whoever counted as gone may be back and have said so in the log: what was seen of it before holds no more.
    if (now.turn !== turn) throw lostClaim();
    return { type: "TakeOverTurn", turnId, workerId, from };
  });
  if (from !== workerId) recordTurn(logger, { place, turn }, { outcome: "taken_over" });
  return state;
}
