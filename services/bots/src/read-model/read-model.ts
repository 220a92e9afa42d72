import { foldInto, type Projection, projection, together } from "@botfactory/event-store";
import type { Logger } from "@botfactory/service-kit";
import { ExponentialBackoff, handleAll, retry } from "cockatiel";
import { Mongoose, mongo } from "mongoose";
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
  const client = new mongo.MongoClient(mongodbUrl, { serverSelectionTimeoutMS: ANSWER_WITHIN_MS, appName: "bots" });
  const mongoose = new Mongoose({
    sanitizeFilter: true,
    strictQuery: "throw",
    bufferTimeoutMS: ANSWER_WITHIN_MS,
    autoIndex: false,
    autoCreate: false,
  });
  const connection = mongoose.createConnection();
  const bots = botModel(connection);
  accountModel(connection);
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
    await bots.createIndexes();
  }, closing.signal);

  const running = botsProjection({ nats, database: client.db(), logger });
  return {
    bots,
    projection: running,
    stop: async () => {
      closing.abort();
      await connecting.catch(() => undefined);
      await running.stop();
      await client.close();
    },
  };
}

/** The one projection of accounts, by whichever process runs it. */
export function botsProjection(options: {
  readonly nats: NatsConnection;
  readonly database: mongo.Db;
  readonly logger: Logger;
}): Projection {
  const { nats, database, logger } = options;
  return projection({
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
