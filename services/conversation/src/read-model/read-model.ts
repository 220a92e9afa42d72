import {
  foldInto,
  LogDamaged,
  type LogWatermark,
  logWatermark,
  openDocuments,
  type Projection,
  projection,
  together,
} from "@botfactory/event-store";
import type { Logger } from "@botfactory/service-kit";
import type { mongo } from "mongoose";
import type { NatsConnection } from "nats";
import { conversationCodec } from "../chat-log.ts";
import { CONVERSATIONS } from "../streams.ts";
import { type ChatModel, chatModel } from "./chat-document.ts";
import { type MessageModel, messageModel } from "./message-document.ts";
import { chatIdsOf, projectChat } from "./project-chat.ts";
import { dayIdsOf, projectDay } from "./project-daily-stats.ts";
import { messageIdsOf, projectMessage } from "./project-message.ts";

/** What conversation keeps in MongoDB: documents made of the log, and the way to read them. */
export interface ReadModel {
  readonly chats: ChatModel;
  readonly messages: MessageModel;
  readonly database: mongo.Db;
  /** Says when the log is no longer the one that was written. */
  readonly watermark: LogWatermark;
  stop(): Promise<void>;
}

export interface ReadModelOptions {
  readonly nats: NatsConnection;
  readonly mongodbUrl: string;
  readonly logger: Logger;
}

/** The models and the projection; answers to people need neither, so MongoDB may be away. */
export function readModel({ nats, mongodbUrl, logger }: ReadModelOptions): ReadModel {
  const documents = openDocuments({
    url: mongodbUrl,
    appName: "conversation",
    onAway: (problem) => logger.warn({ err: problem }, "MongoDB is away"),
  });
  const [chats, messages] = [chatModel(documents.connection), messageModel(documents.connection)];
  documents.onConnected(() => Promise.all([chats.createIndexes(), messages.createIndexes()]));
  const watermark = logWatermark({
    nats,
    database: documents.database,
    stream: CONVERSATIONS,
    onProblem: (problem) => {
      if (problem instanceof LogDamaged) logger.error({ err: problem, damage: problem.damage }, "the log is damaged");
      else logger.warn({ err: problem }, "the log cannot be compared with its watermark");
    },
  });
  const running = conversationProjection({
    nats,
    database: documents.database,
    logger,
    refuseDamage: watermark.refuseDamage,
  });
  return {
    chats,
    messages,
    database: documents.database,
    watermark,
    stop: async () => {
      await running.stop();
      await watermark.stop();
      await documents.stop();
    },
  };
}

/** The one projection of conversations, by whichever process runs it. */
export function conversationProjection(options: {
  readonly nats: NatsConnection;
  readonly database: mongo.Db;
  readonly logger: Logger;
  readonly refuseDamage?: LogWatermark["refuseDamage"];
}): Projection {
  const { nats, database, logger, refuseDamage } = options;
  return projection({
    ...(refuseDamage && { refuseDamage }),
    name: "conversation",
    nats,
    database,
    stream: CONVERSATIONS,
    filterSubjects: ["conversations.*.*"],
    codec: conversationCodec,
    target: together(
      foldInto({ database, collection: "chats", ids: chatIdsOf, evolve: projectChat }),
      foldInto({ database, collection: "messages", ids: messageIdsOf, evolve: projectMessage }),
      foldInto({ database, collection: "daily_stats", ids: dayIdsOf, evolve: projectDay }),
    ),
    onProblem: (problem) => logger.warn({ err: problem }, "the read model pauses"),
  });
}
