import { type CommandHandler, commandHandler, eventCodec, jetStreamEventStore } from "@botfactory/event-store";
import { ConversationEventSchema } from "@botfactory/proto/events/v1/conversation";
import type { NatsConnection } from "nats";
import type { ConversationCommand } from "./domain/commands.ts";
import { conversation } from "./domain/conversation.ts";
import type { ChatEvent, Conversation } from "./domain/conversation-state.ts";
import { CONVERSATIONS } from "./streams.ts";

export type ChatLog = CommandHandler<ConversationCommand, Conversation, ChatEvent>;

export const conversationCodec = eventCodec(ConversationEventSchema, "conversation");

const CHATS_KEPT = 5_000;

export function chatLog(nats: NatsConnection): ChatLog {
  const store = jetStreamEventStore(nats, { stream: CONVERSATIONS });
  return commandHandler({ store, decider: conversation, codec: conversationCodec, cacheSize: CHATS_KEPT });
}
