import { type AuditedStream, auditedAggregate, type Step } from "@botfactory/event-store";
import { conversationCodec } from "./chat-log.ts";
import { conversation } from "./domain/conversation.ts";
import { conversationInvariants } from "./domain/conversation-invariants.ts";
import type { ChatEvent, Conversation } from "./domain/conversation-state.ts";
import { CONVERSATIONS } from "./streams.ts";

export interface AuditContext {
  /** The owner of every bot there ever was, as the accounts say. */
  readonly owners: ReadonlyMap<string, string>;
}

/** What is checked of chats. */
export function auditedStream({ owners }: AuditContext): AuditedStream {
  const ofItsOwner = ({ subject, event }: Step<Conversation, ChatEvent>): string | undefined => {
    if (event.case !== "chatOpened") return undefined;
    const ownerId = owners.get(subject.split(".")[1] ?? "");
    return ownerId === event.value.ownerId ? undefined : "opened for another owner than the bot's";
  };

  return {
    stream: CONVERSATIONS,
    aggregates: {
      conversations: auditedAggregate({
        codec: conversationCodec,
        decider: conversation,
        rules: { ...conversationInvariants, "a chat is its bot's owner's": ofItsOwner },
        trim: (state) => ({ ...state, past: [], seen: [] }),
      }),
    },
  };
}
