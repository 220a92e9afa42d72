import { openDocuments } from "@botfactory/event-store";
import type { Logger } from "@botfactory/service-kit";
import type { NatsConnection } from "nats";
import { chatModel } from "./read-model/chat-document.ts";
import { messageModel } from "./read-model/message-document.ts";
import { conversationProjection } from "./read-model/read-model.ts";

export interface RebuildOptions {
  readonly nats: NatsConnection;
  readonly mongodbUrl: string;
  readonly logger: Logger;
}

/** Empties the collections of conversation and fills them from the log, from any process and while the service runs. */
export async function rebuildReadModels({ nats, mongodbUrl, logger }: RebuildOptions): Promise<void> {
  const documents = openDocuments({
    url: mongodbUrl,
    appName: "rebuild",
    onAway: (problem) => logger.warn({ err: problem }, "MongoDB is away"),
  });
  const projection = conversationProjection({ nats, database: documents.database, logger });
  try {
    await projection.rebuild();
    // Whoever dropped a collection dropped its indexes.
    const { connection } = documents;
    await Promise.all([chatModel(connection).createIndexes(), messageModel(connection).createIndexes()]);
  } finally {
    await projection.stop();
    await documents.stop();
  }
}
