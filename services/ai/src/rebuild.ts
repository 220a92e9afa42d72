import { rebuildDocuments } from "@botfactory/event-store";
import type { Logger } from "@botfactory/service-kit";
import type { NatsConnection } from "nats";
import { usageProjection } from "./read-model/read-model.ts";

export interface RebuildOptions {
  readonly nats: NatsConnection;
  readonly mongodbUrl: string;
  readonly logger: Logger;
}

/** Empties the collections of ai and fills them from the log, from any process and while the service runs. */
export function rebuildReadModels({ nats, mongodbUrl, logger }: RebuildOptions): Promise<void> {
  return rebuildDocuments({
    url: mongodbUrl,
    onAway: (problem) => logger.warn({ err: problem }, "MongoDB is away"),
    projection: (database) => usageProjection({ nats, database, logger }),
  });
}
