import { performance } from "node:perf_hooks";
import type { NatsConnection } from "nats";
import { whenLogAnswers } from "./streams.ts";

/** The log's clock, as far as this process knows it. */
export interface LogClock {
  /** Milliseconds since 1970 by the log's server, off by at most half a round trip at the last look. */
  nowUnixMs(): bigint;
  /** Looks at the server's clock again. */
  synchronize(): Promise<void>;
  /** Ends the looking that goes on every `everyMs`. */
  close(): void;
}

/**
 * A clock that follows the time of the server that leads `stream`, so that processes with wrong clocks agree about a
 * window of time. Between two looks (every 30 s) this process's monotonic clock carries it on.
 */
export async function logClock(nats: NatsConnection, stream: string, everyMs = 30_000): Promise<LogClock> {
  const { streams } = await nats.jetstreamManager({ checkAPI: false });
  let offset = 0;

  const synchronize = async () => {
    const asked = performance.now();
    const { ts } = await streams.info(stream);
    if (ts === undefined) throw new Error("the log does not tell its time: a server before 2.10");
    offset = Date.parse(ts) - (asked + performance.now()) / 2;
  };

  await whenLogAnswers(Number.POSITIVE_INFINITY, synchronize);
  // A look that fails is made up by the next one; the monotonic clock drifts by milliseconds a minute at most.
  const timer = setInterval(() => void synchronize().catch(() => undefined), everyMs).unref();
  return {
    nowUnixMs: () => BigInt(Math.round(performance.now() + offset)),
    synchronize,
    close: () => clearInterval(timer),
  };
}
