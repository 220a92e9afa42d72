import { rebuildDocuments } from "@botfactory/event-store";
import type { Logger } from "@botfactory/service-kit";
import type { NatsConnection } from "nats";
import { accountModel } from "./read-model/account-document.ts";
import { botModel } from "./read-model/bot-document.ts";
import { botsProjection } from "./read-model/read-model.ts";

export interface RebuildOptions {
  readonly nats: NatsConnection;
  readonly mongodbUrl: string;
  readonly logger: Logger;
}

/** Empties the collections of bots and fills them from the log, from any process and while the service runs. */
export function rebuildReadModels({ nats, mongodbUrl, logger }: RebuildOptions): Promise<void> {
  return rebuildDocuments({
    url: mongodbUrl,
    onAway: (problem) => logger.warn({ err: problem }, "MongoDB is away"),
    projection: (database) => botsProjection({ nats, database, logger }),
    makeIndexes: (connection) =>
      Promise.all([botModel(connection).createIndexes(), accountModel(connection).createIndexes()]),
  });
}
