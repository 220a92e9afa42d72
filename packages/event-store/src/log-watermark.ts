import { metrics, type ObservableResult } from "@opentelemetry/api";
import type { mongo } from "mongoose";
import { Events, type NatsConnection } from "nats";
import { type Damage, LogDamaged } from "./log-damaged.ts";
import { keptWatermark } from "./log-watermark-document.ts";
import { lookout } from "./lookout.ts";

/** Watches that a stream still is the one that was written. */
export interface LogWatermark {
  /**
   * Throws `LogDamaged` while the stream has lost its end, has other events than it had, or has holes. Waits for the look
   * that is due at the start and after every reconnection, since a server may come back with an old copy of its store.
   */
  refuseDamage(): Promise<void>;
  /** What is wrong with the stream as a whole; undefined while nothing is. */
  damage(): Damage | undefined;
  /** Looks now. */
  look(): Promise<void>;
  stop(): Promise<void>;
}

export interface LogWatermarkOptions {
  readonly nats: NatsConnection;
  readonly stream: string;
  readonly database: mongo.Db;
  /** How often to look, ms. What is cut off between two looks of a process that then dies is not missed: 1,000. */
  readonly everyMs?: number;
  /** Told when damage is found and when MongoDB, where the watermark is kept, cannot be asked; work goes on then. */
  readonly onProblem?: (problem: unknown) => void;
}

const EVERY_MS = 1_000;

const intact = metrics.getMeter("@botfactory/event-store").createObservableGauge("botfactory.log.intact", {
  description: "1 while the stream is the one that was written; 0 when it was cut, rolled back or replaced.",
});

/** Starts to watch a stream of events. The watermark is kept in MongoDB and in this process's memory. */
export function logWatermark(options: LogWatermarkOptions): LogWatermark {
  const { nats, stream, database, everyMs = EVERY_MS, onProblem = () => undefined } = options;
  const { look, damage } = lookout({ nats, stream, kept: keptWatermark(database, stream), onProblem });
  const stopping = new AbortController();
  let under = Promise.resolve();
  let waiting = 0;
  /** A look that fails is no finding: whoever needs the log meets the same failure. */
  const lookNow = (): Promise<void> => {
    waiting += 1;
    under = under
      .then(look)
      .catch((error: unknown) => (stopping.signal.aborted ? undefined : onProblem(error)))
      .finally(() => {
        waiting -= 1;
      });
    return under;
  };
  let due = lookNow();
  void (async () => {
    for await (const { type } of nats.status()) if (type === Events.Reconnect) due = lookNow();
  })();
  const timer = setInterval(() => {
    if (waiting === 0) void lookNow();
  }, everyMs).unref();
  const isIntact = (gauge: ObservableResult) => gauge.observe(damage() === undefined ? 1 : 0, { stream });
  intact.addCallback(isIntact);

  return {
    refuseDamage: async () => {
      await due;
      const found = damage();
      if (found !== undefined) throw new LogDamaged(found);
    },
    damage,
    look: lookNow,
    stop: async () => {
      stopping.abort();
      clearInterval(timer);
      intact.removeCallback(isIntact);
      await under;
    },
  };
}
