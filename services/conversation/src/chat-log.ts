import {
  type CommandHandler,
  commandHandler,
  eventCodec,
  jetStreamEventStore,
  type LogWatermark,
  mongoSnapshots,
} from "@botfactory/event-store";
import { ConversationEventSchema } from "@botfactory/proto/events/v1/conversation";
import type { mongo } from "mongoose";
import type { NatsConnection } from "nats";
import { chatSnapshot } from "./chat-snapshot.ts";
import type { ConversationCommand } from "./domain/commands.ts";
import { conversation } from "./domain/conversation.ts";
import type { ChatEvent, Conversation } from "./domain/conversation-state.ts";
import { CONVERSATIONS } from "./streams.ts";

export type ChatLog = CommandHandler<ConversationCommand, Conversation, ChatEvent>;

export const conversationCodec = eventCodec(ConversationEventSchema, "conversation");

/** The collection of snapshots; it may be dropped at any time. */
export const SNAPSHOTS = "snapshots";

const CHATS_KEPT = 5_000;
const BYTES_KEPT = 64 * 1024 * 1024;
// Some 25 turns: the tail to be read after a snapshot.
const SNAPSHOT_EVERY = 100;

export interface ChatLogOptions {
  /** For snapshots; without it, long conversations are read from their first event. */
  readonly database?: mongo.Db;
  readonly watermark?: Pick<LogWatermark, "refuseDamage">;
}

/** The conversations on the log. */
export function chatLog(nats: NatsConnection, { database, watermark }: ChatLogOptions = {}): ChatLog {
  return commandHandler({
    store: jetStreamEventStore(nats, { stream: CONVERSATIONS, ...watermark }),
    decider: conversation,
    codec: conversationCodec,
    cacheSize: CHATS_KEPT,
    cacheBytes: BYTES_KEPT,
    bytesOf,
    snapshotEvery: SNAPSHOT_EVERY,
    // A chat has one worker at a time.
    optimistic: true,
    ...(database && { snapshots: mongoSnapshots(database.collection(SNAPSHOTS), chatSnapshot) }),
  });
}

// An object, its fields and its place in an array, roughly as V8 keeps them.
const OBJECT_BYTES = 100;

function bytesOf({ past, seen, turn }: Conversation): number {
  const texts = past.reduce((sum, { sealedText, sealedReply }) => sum + sealedText.length + sealedReply.length, 0);
  const open = (turn?.sealedText.length ?? 0) + (turn?.draft?.sealedText.length ?? 0);
  return OBJECT_BYTES * (10 + 3 * past.length + seen.length) + texts + open;
}
