import { foldInto, type Projection, projection, together } from "@botfactory/event-store";
import type { Logger } from "@botfactory/service-kit";
import { ExponentialBackoff, handleAll, retry } from "cockatiel";
import { Mongoose, mongo } from "mongoose";
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
  stop(): Promise<void>;
}

export interface ReadModelOptions {
  readonly nats: NatsConnection;
  readonly mongodbUrl: string;
  readonly logger: Logger;
}

const ANSWER_WITHIN_MS = 2_000;

/** Opens at once also when MongoDB is away: answers to people do not need it, and the projection catches up by itself. */
export function readModel({ nats, mongodbUrl, logger }: ReadModelOptions): ReadModel {
  const client = new mongo.MongoClient(mongodbUrl, {
    serverSelectionTimeoutMS: ANSWER_WITHIN_MS,
    appName: "conversation",
  });
  const mongoose = new Mongoose({
    sanitizeFilter: true,
    strictQuery: "throw",
    bufferTimeoutMS: ANSWER_WITHIN_MS,
    autoIndex: false,
    autoCreate: false,
  });
  const connection = mongoose.createConnection();
  const [chats, messages] = [chatModel(connection), messageModel(connection)];
  const closing = new AbortController();

  const forEver = retry(handleAll, {
    maxAttempts: Number.POSITIVE_INFINITY,
    backoff: new ExponentialBackoff({ maxDelay: 5_000 }),
  });
  forEver.onFailure(({ reason }) =>
    logger.warn({ err: "error" in reason ? reason.error : undefined }, "MongoDB is away"),
  );
  const connecting = forEver.execute(async () => {
    await client.connect();
    if (connection.readyState === 0) connection.setClient(client);
    await chats.createIndexes();
    await messages.createIndexes();
  }, closing.signal);

  const running = conversationProjection({ nats, database: client.db(), logger });
  return {
    chats,
    messages,
    stop: async () => {
      closing.abort();
      await connecting.catch(() => undefined);
      await running.stop();
      await client.close();
    },
  };
}

/** The one projection of conversations, by whichever process runs it. */
export function conversationProjection(options: {
  readonly nats: NatsConnection;
  readonly database: mongo.Db;
  readonly logger: Logger;
}): Projection {
  const { nats, database, logger } = options;
  return projection({
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
