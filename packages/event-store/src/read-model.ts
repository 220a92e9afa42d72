import type { Connection, mongo } from "mongoose";
import type { NatsConnection } from "nats";
import type { EventCodec } from "./event-codec.ts";
import type { ProjectionTarget } from "./fold-into.ts";
import { LogDamaged } from "./log-damaged.ts";
import { type LogWatermark, logWatermark } from "./log-watermark.ts";
import { openDocuments } from "./open-documents.ts";
import { type Projection, projection } from "./projection.ts";

/** What a service keeps in MongoDB, and of which events it is made. */
export interface ReadModelPlan<Event, Models> {
  /** The service: names the projection, its checkpoint and the connection. */
  readonly name: string;
  readonly stream: string;
  /** The pattern of subjects whose events the codec knows, such as `accounts.*`; `>` where it knows all. */
  readonly subject: string;
  readonly codec: EventCodec<Event>;
  readonly target: (database: mongo.Db) => ProjectionTarget<Event>;
  /** How long single events may be gathered before they are written, ms; where many come, more costs less. */
  readonly gatherMs?: number;
  /** Made once for each connection; their indexes are made when it stands, and after a rebuild. */
  readonly models: (connection: Connection) => Models;
  /** Collections that fill up again as the service works; a rebuild empties them, too. */
  readonly disposable?: readonly string[];
}

/** Where a read model runs. */
export interface ReadModelPlace {
  readonly nats: NatsConnection;
  /** MongoDB or FerretDB 2 with the database's name in the path. */
  readonly mongodbUrl: string;
  readonly logger: ProblemLog;
}

/** Hears what went wrong; a pino logger fits. */
export interface ProblemLog {
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** A read model that follows the log until it is stopped. */
export interface ReadModel<Models> {
  readonly models: Models;
  readonly database: mongo.Db;
  readonly projection: Projection;
  /** Says when the log is no longer the one that was written. */
  readonly watermark: LogWatermark;
  stop(): Promise<void>;
}

/** Opens the documents and lets them follow the log, at once also when MongoDB is away. */
export function openReadModel<Event, Models>(
  plan: ReadModelPlan<Event, Models>,
  place: ReadModelPlace,
): ReadModel<Models> {
  const { nats, mongodbUrl, logger } = place;
  const { name, stream } = plan;
  const documents = openDocuments({ url: mongodbUrl, appName: name, onAway: tellAway(logger) });
  const { connection, database } = documents;
  const models = plan.models(connection);
  documents.onConnected(() => makeIndexes(connection));
  const watermark = logWatermark({
    nats,
    database,
    stream,
    onProblem: (problem) => {
      if (problem instanceof LogDamaged) logger.error({ err: problem, damage: problem.damage }, "the log is damaged");
      else logger.warn({ err: problem }, "the log cannot be compared with its watermark");
    },
  });
  const running = follow(plan, { nats, logger, database, refuseDamage: watermark.refuseDamage });
  return {
    models,
    database,
    projection: running,
    watermark,
    stop: async () => {
      await running.stop();
      await watermark.stop();
      await documents.stop();
    },
  };
}

/**
 * Empties a service's documents and fills them from the log, from any process and while the service runs: all processes
 * that run the projection take part.
 */
export async function rebuildReadModel<Event, Models>(
  plan: ReadModelPlan<Event, Models>,
  place: ReadModelPlace,
): Promise<void> {
  const { nats, mongodbUrl, logger } = place;
  const documents = openDocuments({ url: mongodbUrl, appName: "rebuild", onAway: tellAway(logger) });
  const { connection, database } = documents;
  plan.models(connection);
  const running = follow(plan, { nats, logger, database });
  try {
    await running.rebuild();
    // Whoever dropped a collection dropped its indexes.
    await makeIndexes(connection);
    for (const collection of plan.disposable ?? []) await database.collection(collection).deleteMany({});
  } finally {
    await running.stop();
    await documents.stop();
  }
}

function makeIndexes(connection: Connection): Promise<unknown> {
  return Promise.all(Object.values(connection.models).map((model) => model.createIndexes()));
}

interface Following extends Pick<ReadModelPlace, "nats" | "logger"> {
  readonly database: mongo.Db;
  readonly refuseDamage?: LogWatermark["refuseDamage"];
}

function follow<Event, Models>(plan: ReadModelPlan<Event, Models>, { logger, ...following }: Following): Projection {
  const { name, stream, subject, codec, target, gatherMs } = plan;
  return projection({
    ...following,
    name,
    stream,
    subject,
    codec,
    target: target(following.database),
    ...(gatherMs === undefined ? {} : { gatherMs }),
    onProblem: (problem) => logger.warn({ err: problem }, "the read model pauses"),
  });
}

function tellAway(logger: ProblemLog) {
  return (problem: unknown) => logger.warn({ err: problem }, "MongoDB is away");
}
