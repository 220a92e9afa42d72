import {
  foldInto,
  LogDamaged,
  type LogWatermark,
  logWatermark,
  openDocuments,
  type Projection,
  projection,
} from "@botfactory/event-store";
import type { Logger } from "@botfactory/service-kit";
import type { mongo } from "mongoose";
import type { NatsConnection } from "nats";
import { QUOTAS_STREAM, quotaCodec } from "../ledgers.ts";
import { projectUsage, usageIdsOf } from "./project-usage.ts";
import { type FindUsage, findUsage, usageModel } from "./usage-document.ts";

/** What ai keeps in MongoDB: documents made of the log, and the way to read them. */
export interface ReadModel {
  readonly findUsage: FindUsage;
  readonly projection: Projection;
  /** Says when the log is no longer the one that was written. */
  readonly watermark: LogWatermark;
  stop(): Promise<void>;
}

export interface ReadModelOptions {
  readonly nats: NatsConnection;
  readonly mongodbUrl: string;
  readonly logger: Logger;
}

/** The usage and its projection, whether MongoDB is there or away: only GetUsage needs it. */
export function readModel({ nats, mongodbUrl, logger }: ReadModelOptions): ReadModel {
  const documents = openDocuments({
    url: mongodbUrl,
    appName: "ai",
    onAway: (problem) => logger.warn({ err: problem }, "MongoDB is away"),
  });
  const watermark = logWatermark({
    nats,
    database: documents.database,
    stream: QUOTAS_STREAM.name,
    onProblem: (problem) => {
      if (problem instanceof LogDamaged) logger.error({ err: problem, damage: problem.damage }, "the log is damaged");
      else logger.warn({ err: problem }, "the log cannot be compared with its watermark");
    },
  });
  const running = usageProjection({ nats, database: documents.database, logger, refuseDamage: watermark.refuseDamage });
  return {
    findUsage: findUsage(usageModel(documents.connection)),
    projection: running,
    watermark,
    stop: async () => {
      await running.stop();
      await watermark.stop();
      await documents.stop();
    },
  };
}

/** The one projection of quotas, by whichever process runs it. */
export function usageProjection(options: {
  readonly nats: NatsConnection;
  readonly database: mongo.Db;
  readonly logger: Logger;
  readonly refuseDamage?: LogWatermark["refuseDamage"];
}): Projection {
  const { nats, database, logger, refuseDamage } = options;
  return projection({
    ...(refuseDamage && { refuseDamage }),
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
