import type { ChatLog } from "./chat-log.ts";
import { type ChatPlace, conversationSubject } from "./chat-place.ts";
import type { Conversation, Turn } from "./domain/conversation-state.ts";
import { countTurn } from "./turn-outcomes.ts";

export interface Heir {
  readonly chats: ChatLog;
  readonly workerId: string;
}

export type OpenChat = Conversation & { readonly turn: Turn };

// A turn that ends the process it is worked on in would otherwise end one after another.
const MOST_WORKERS = 10;

/**
 * The chat with its open turn claimed by this worker, taken over from one that is gone if need be. Throws when too many
 * are gone over it: then it is to be set aside.
 */
export async function claimed(heir: Heir, place: ChatPlace, state: OpenChat): Promise<Conversation> {
  const mine = state.turn.workerId === heir.workerId ? state : await takeOver(heir, place, state.turn);
  if ((mine.turn?.attempt ?? 0) > MOST_WORKERS) throw new Error("a turn outlived its workers");
  return mine;
}

async function takeOver({ chats, workerId }: Heir, place: ChatPlace, turn: Turn): Promise<Conversation> {
  const { turnId, workerId: from } = turn;
  const { state } = await chats.handle(conversationSubject(place), { type: "TakeOverTurn", turnId, workerId, from });
  countTurn("taken_over");
  return state;
}
