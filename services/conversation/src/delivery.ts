import type { ChatLog } from "./chat-log.ts";
import { type ChatPlace, conversationSubject } from "./chat-place.ts";
import type { OfTurn } from "./domain/commands.ts";
import type { Turn } from "./domain/conversation-state.ts";
import type { OutgoingText, Speaker } from "./telegram.ts";

/** A drafted reply on its way. */
export interface Delivery {
  readonly place: ChatPlace;
  readonly turn: Turn;
  readonly speaker: Speaker;
  readonly to: Omit<OutgoingText, "text">;
  readonly text: string;
}

type WithoutClaim<Command> = Command extends OfTurn ? Omit<Command, "turnId" | "workerId"> : never;

/** Puts one step of the delivery into the log, in the name of the worker that claims the turn. */
export function recordStep(chats: ChatLog, { place, turn }: Delivery, step: WithoutClaim<OfTurn>) {
  const { turnId, workerId } = turn;
  return chats.handle(conversationSubject(place), { ...step, turnId, workerId });
}
