import { rebuildDocuments } from "@botfactory/event-store";
import type { Logger } from "@botfactory/service-kit";
import type { NatsConnection } from "nats";
import { SNAPSHOTS } from "./chat-log.ts";
import { chatModel } from "./read-model/chat-document.ts";
import { messageModel } from "./read-model/message-document.ts";
import { conversationProjection } from "./read-model/read-model.ts";

export interface RebuildOptions {
  readonly nats: NatsConnection;
  readonly mongodbUrl: string;
  readonly logger: Logger;
}

/** Empties the collections of conversation and fills them from the log, from any process and while the service runs. */
export function rebuildReadModels({ nats, mongodbUrl, logger }: RebuildOptions): Promise<void> {
  return rebuildDocuments({
    url: mongodbUrl,
    onAway: (problem) => logger.warn({ err: problem }, "MongoDB is away"),
    projection: (database) => conversationProjection({ nats, database, logger }),
    makeIndexes: (connection) =>
      Promise.all([
        chatModel(connection).createIndexes(),
        messageModel(connection).createIndexes(),
        // Made again as chats go on.
        connection.collection(SNAPSHOTS).deleteMany({}),
      ]),
  });
}
