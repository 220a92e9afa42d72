import { setTimeout as pause } from "node:timers/promises";
import { metrics, type ObservableResult } from "@opentelemetry/api";
import type { mongo } from "mongoose";
import { Events, type JetStreamManager, type NatsConnection } from "nats";
import { contradiction, endOfLog, type LogEnd, lostEnd, type Mark } from "./inspect-log.ts";
import { type Damage, LogDamaged } from "./log-damaged.ts";
import { REQUEST_TIMEOUT_MS } from "./log-unavailable.ts";
import { type KeptWatermark, keptWatermark } from "./log-watermark-document.ts";

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
// A new leader may answer once from before its election.
const LOOK_TWICE_AFTER_MS = 250;
// The driver's own patience is as long. Who is known to be away is not waited for again and again.
const KEPT_WITHIN_MS = 2_000;
const STILL_AWAY_WITHIN_MS = 200;

const intact = metrics.getMeter("@botfactory/event-store").createObservableGauge("botfactory.log.intact", {
  description: "1 while the stream is the one that was written; 0 when it was cut, rolled back or replaced.",
});

/** Starts to watch a stream of events. The watermark is kept in MongoDB and in this process's memory. */
export function logWatermark(options: LogWatermarkOptions): LogWatermark {
  const { nats, stream, database, everyMs = EVERY_MS, onProblem = () => undefined } = options;
  const manager = nats.jetstreamManager({ checkAPI: false, timeout: REQUEST_TIMEOUT_MS });
  const kept = keptWatermark(database, stream);
  const stopping = new AbortController();
  let mark: Mark = { sequence: 0, hash: "" };
  let epoch: string | undefined;
  let found: Damage | undefined;
  let isAway = false;

  const findKept = async (): Promise<KeptWatermark | null | undefined> => {
    try {
      const document = await Promise.race([kept.find(), tooLate(isAway ? STILL_AWAY_WITHIN_MS : KEPT_WITHIN_MS)]);
      epoch ??= document?.epoch ?? "";
      isAway = false;
      return document;
    } catch (error) {
      if (!isAway) onProblem(error);
      isAway = true;
      return undefined;
    }
  };

  async function inspect(log: JetStreamManager, known: KeptWatermark | null | undefined) {
    const end = await endOfLog(log, stream);
    if (known && known.epoch !== epoch) return { end, damage: { stream, reason: "restored" } as const };
    if (known !== undefined && end.missing > (known?.missing ?? 0))
      return { end, damage: { stream, reason: "holes", sequence: end.sequence } as const };
    const marks = known ? [mark, known] : [mark];
    if (lostEnd(end, marks)) return { end, damage: { stream, reason: "missing", sequence: end.sequence } as const };
    for (const one of marks) {
      const damage = await contradiction(log, stream, { mark: one, end });
      if (damage !== undefined) return { end, damage };
    }
    return { end, damage: undefined };
  }

  async function look(): Promise<void> {
    const log = await manager;
    const known = await findKept();
    const first = await inspect(log, known);
    if (first.damage === undefined) return raise(first.end, known);
    await pause(LOOK_TWICE_AFTER_MS);
    const { damage, end } = await inspect(log, known);
    if (damage === undefined) return raise(end, known);
    if (found?.reason !== damage.reason) onProblem(new LogDamaged(damage));
    found = damage;
  }

  async function raise(end: LogEnd, known: KeptWatermark | null | undefined): Promise<void> {
    found = undefined;
    const { sequence, hash } = end;
    if (sequence > mark.sequence) mark = { sequence, hash };
    if (known === undefined || epoch === undefined || sequence <= (known?.sequence ?? 0)) return;
    await kept.raise(epoch, mark).catch(onProblem);
  }

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
  const isIntact = (gauge: ObservableResult) => gauge.observe(found === undefined ? 1 : 0, { stream });
  intact.addCallback(isIntact);

  return {
    refuseDamage: async () => {
      await due;
      if (found !== undefined) throw new LogDamaged(found);
    },
    damage: () => found,
    look: lookNow,
    stop: async () => {
      stopping.abort();
      clearInterval(timer);
      intact.removeCallback(isIntact);
      await under;
    },
  };
}

async function tooLate(ms: number): Promise<never> {
  await pause(ms, undefined, { ref: false });
  throw new Error("MongoDB did not tell the watermark in time");
}
