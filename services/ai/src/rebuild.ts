import type { Logger } from "@botfactory/service-kit";
import { mongo } from "mongoose";
import type { NatsConnection } from "nats";
import { usageProjection } from "./read-model/read-model.ts";

export interface RebuildOptions {
  readonly nats: NatsConnection;
  readonly mongodbUrl: string;
  readonly logger: Logger;
}

/** Empties the collection of ai and fills it from the log, from any process and while the service runs. */
export async function rebuildReadModels({ nats, mongodbUrl, logger }: RebuildOptions): Promise<void> {
  const client = await new mongo.MongoClient(mongodbUrl).connect();
  const projection = usageProjection({ nats, database: client.db(), logger });
  try {
    await projection.rebuild();
  } finally {
    await projection.stop();
    await client.close();
  }
}
