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
import { ACCOUNTS_STREAM, accountCodec } from "../accounts.ts";
import { accountModel } from "./account-document.ts";
import { type BotModel, botModel } from "./bot-document.ts";
import { ownerIdsOf, projectAccount } from "./project-account.ts";
import { botIdsOf, projectBot } from "./project-bot.ts";

/** What bots keeps in MongoDB: documents made of the log, and the way to read them. */
export interface ReadModel {
  readonly bots: BotModel;
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

/** The models and the projection, whether MongoDB is there or away. */
export function readModel({ nats, mongodbUrl, logger }: ReadModelOptions): ReadModel {
  const documents = openDocuments({
    url: mongodbUrl,
    appName: "bots",
    onAway: (problem) => logger.warn({ err: problem }, "MongoDB is away"),
  });
  const bots = botModel(documents.connection);
  const accounts = accountModel(documents.connection);
  documents.onConnected(() => Promise.all([bots.createIndexes(), accounts.createIndexes()]));
  const watermark = logWatermark({
    nats,
    database: documents.database,
    stream: ACCOUNTS_STREAM.name,
    onProblem: (problem) => {
      if (problem instanceof LogDamaged) logger.error({ err: problem, damage: problem.damage }, "the log is damaged");
      else logger.warn({ err: problem }, "the log cannot be compared with its watermark");
    },
  });
  const running = botsProjection({ nats, database: documents.database, logger, refuseDamage: watermark.refuseDamage });
  return {
    bots,
    projection: running,
    watermark,
    stop: async () => {
      await running.stop();
      await watermark.stop();
      await documents.stop();
    },
  };
}

/** The one projection of accounts, by whichever process runs it. */
export function botsProjection(options: {
  readonly nats: NatsConnection;
  readonly database: mongo.Db;
  readonly logger: Logger;
  readonly refuseDamage?: LogWatermark["refuseDamage"];
}): Projection {
  const { nats, database, logger, refuseDamage } = options;
  return projection({
    ...(refuseDamage && { refuseDamage }),
    name: "bots",
    nats,
    database,
    stream: ACCOUNTS_STREAM.name,
    filterSubjects: ["accounts.*"],
    codec: accountCodec,
    target: together(
      foldInto({ database, collection: "bots", ids: botIdsOf, evolve: projectBot }),
      foldInto({ database, collection: "accounts", ids: ownerIdsOf, evolve: projectAccount }),
    ),
    onProblem: (problem) => logger.warn({ err: problem }, "the read model pauses"),
  });
}
