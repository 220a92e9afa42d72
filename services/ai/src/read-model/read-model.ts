import { foldInto, type Projection, projection } from "@botfactory/event-store";
import type { Logger } from "@botfactory/service-kit";
import { Mongoose, mongo } from "mongoose";
import type { NatsConnection } from "nats";
import { QUOTAS_STREAM, quotaCodec } from "../ledgers.ts";
import { projectUsage, usageIdsOf } from "./project-usage.ts";
import { type FindUsage, findUsage, usageModel } from "./usage-document.ts";

/** What ai keeps in MongoDB: documents made of the log, and the way to read them. */
export interface ReadModel {
  readonly findUsage: FindUsage;
  readonly projection: Projection;
  stop(): Promise<void>;
}

export interface ReadModelOptions {
  readonly nats: NatsConnection;
  readonly mongodbUrl: string;
  readonly logger: Logger;
}

const ANSWER_WITHIN_MS = 2_000;

/** Opens at once also when MongoDB is away: only queries need it, and the projection catches up by itself. */
export function readModel({ nats, mongodbUrl, logger }: ReadModelOptions): ReadModel {
  const client = new mongo.MongoClient(mongodbUrl, { serverSelectionTimeoutMS: ANSWER_WITHIN_MS, appName: "ai" });
  const mongoose = new Mongoose({ sanitizeFilter: true, strictQuery: "throw", bufferCommands: false });
  // The driver connects at the first question by itself, and again after every outage.
  const connection = mongoose.createConnection().setClient(client);
  const running = usageProjection({ nats, database: client.db(), logger });
  return {
    findUsage: findUsage(usageModel(connection)),
    projection: running,
    stop: async () => {
      await running.stop();
      await client.close();
    },
  };
}

/** The one projection of quotas, by whichever process runs it. */
export function usageProjection(options: {
  readonly nats: NatsConnection;
  readonly database: mongo.Db;
  readonly logger: Logger;
}): Projection {
  const { nats, database, logger } = options;
  return projection({
    name: "ai",
    nats,
    database,
    stream: QUOTAS_STREAM.name,
    filterSubjects: ["quotas.*.*"],
    codec: quotaCodec,
    target: foldInto({ database, collection: "usage_daily", ids: usageIdsOf, evolve: projectUsage }),
    onProblem: (problem) => logger.warn({ err: problem }, "the read model pauses"),
  });
}
