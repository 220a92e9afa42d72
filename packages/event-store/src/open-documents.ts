import { ExponentialBackoff, handleAll, retry } from "cockatiel";
import { type Connection, Mongoose, mongo } from "mongoose";

export interface DocumentsOptions {
  /** MongoDB or FerretDB 2 with the database's name in the path. */
  readonly url: string;
  /** Shown in the server's list of connections. */
  readonly appName: string;
  /** Hears of each failed attempt to connect. */
  readonly onAway: (problem: unknown) => void;
}

/** The documents of one service. */
export interface Documents {
  /** For mongoose models. */
  readonly connection: Connection;
  /** For projections. */
  readonly database: mongo.Db;
  /** What to do once connected, such as making indexes; tried again until it succeeds. */
  onConnected(prepare: () => Promise<unknown>): void;
  stop(): Promise<void>;
}

const ANSWER_WITHIN_MS = 2_000;
const TRY_AGAIN_WITHIN_MS = 5_000;

/**
 * Opens a service's documents, at once also when MongoDB is away: only queries need it, and a projection catches up by
 * itself. Filters are sanitized and strict, so that nothing a person sends becomes an operator.
 */
export function openDocuments({ url, appName, onAway }: DocumentsOptions): Documents {
  const client = new mongo.MongoClient(url, { serverSelectionTimeoutMS: ANSWER_WITHIN_MS, appName });
  const mongoose = new Mongoose({
    sanitizeFilter: true,
    strictQuery: "throw",
    bufferTimeoutMS: ANSWER_WITHIN_MS,
    autoIndex: false,
    autoCreate: false,
  });
  const connection = mongoose.createConnection();
  const preparations: (() => Promise<unknown>)[] = [];
  const closing = new AbortController();
  const connecting = untilConnected(onAway).execute(async () => {
    await client.connect();
    if (connection.readyState === 0) connection.setClient(client);
    for (const prepare of preparations) await prepare();
  }, closing.signal);
  return {
    connection,
    database: client.db(),
    onConnected: (prepare) => preparations.push(prepare),
    stop: async () => {
      closing.abort();
      await connecting.catch(() => undefined);
      await client.close();
    },
  };
}

/** Only the first connection needs it: later outages are the driver's own business. */
function untilConnected(onAway: (problem: unknown) => void) {
  const backoff = new ExponentialBackoff({ maxDelay: TRY_AGAIN_WITHIN_MS });
  const forEver = retry(handleAll, { maxAttempts: Number.POSITIVE_INFINITY, backoff });
  forEver.onFailure(({ reason }) => onAway("error" in reason ? reason.error : undefined));
  return forEver;
}
