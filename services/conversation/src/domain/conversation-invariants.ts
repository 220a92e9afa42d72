import type { ChatEvent, Conversation } from "./conversation-state.ts";

interface Step {
  readonly before: Conversation;
  readonly event: ChatEvent;
}

/** What holds at every event of every chat: says what is wrong, or nothing. */
export const conversationInvariants = {
  "at most one live claim": ({ before: { turn }, event }: Step) => {
    if (event.case === "turnStarted") return turn === undefined ? undefined : "a turn began during another one";
    if (event.case !== "turnTakenOver") return undefined;
    const { turnId, workerId, attempt } = event.value;
    // A worker that was stopped claims its own turn once more.
    const isNext = turn?.turnId === turnId && attempt === turn.attempt + (workerId === turn.workerId ? 0 : 1);
    return isNext ? undefined : "a turn was taken over that is not open, or as if it were another attempt";
  },
  "at most one ReplySent per turn": ({ before, event }: Step) => {
    switch (event.case) {
      case "replySent":
      case "turnRefused":
      case "replyUndeliverable":
      case "turnQuarantined":
        return before.turn?.turnId === event.value.turnId ? undefined : `${event.case} of a turn that is not open`;
      default:
        return undefined;
    }
  },
  "ReplySent only after ReplyDrafted": ({ before, event }: Step) => {
    switch (event.case) {
      case "replyPartSent":
      case "replySent":
      case "turnRefused":
        return before.turn?.draft === undefined ? `${event.case} without a draft` : undefined;
      case "replyDrafted":
        return before.turn?.draft === undefined ? undefined : "drafted twice";
      default:
        return undefined;
    }
  },
  "an update is answered once": ({ before, event }: Step) => {
    if (event.case !== "turnStarted" && event.case !== "updatesPassedOver") return undefined;
    const again = event.value.updates.find(({ streamSequence: at }) => at > 0n && at <= before.cursor);
    return again === undefined ? undefined : `update ${again.updateId} was taken before`;
  },
};
