import { ensureBucket, whenLogAnswers } from "@botfactory/event-store";
import { Events, type KV, type NatsConnection } from "nats";

/** Which conversation processes live: KV bucket `workers`, one key each, gone when it is not renewed. */
export interface Presence {
  /** Whether a claim of that worker may be taken over. */
  isGone(workerId: string): Promise<boolean>;
  /**
   * Counts how often this worker may have counted as gone; undefined while its own key may have run out. What was claimed
   * under one number is surely still this worker's while the number stands.
   */
  tenure(): number | undefined;
  /** Takes this worker's key away, so that its claims are free at once. */
  leave(): Promise<void>;
}

export interface PresenceOptions {
  readonly workerId: string;
  readonly ttlMs?: number;
  readonly renewMs?: number;
  /** Copies of the bucket in a cluster. */
  readonly replicas?: number | undefined;
}

const BUCKET = "workers";
// The key outlives what is begun under it by this much at least: time for a request to be on its way.
const MARGIN_MS = 500;

const TTL_MS = 3_000;

/** Creates the bucket when it is missing, and opens it. Read from the leader: a replica that lags behind would call a living worker gone. */
export function declarePresence(nats: NatsConnection, replicas?: number, ttlMs = TTL_MS): Promise<KV> {
  return ensureBucket(nats, { name: BUCKET, ttlMs, replicas });
}

export async function presence(nats: NatsConnection, options: PresenceOptions): Promise<Presence> {
  const { workerId, ttlMs = TTL_MS, renewMs = 1_000, replicas } = options;
  const kv = await declarePresence(nats, replicas, ttlMs);
  const renewals = steadiness({ ttlMs, renewMs });
  const own = tenures(ttlMs);
  const put = () => own.watch(kv.put(workerId, ""));
  const renew = () => renewals.watch(put());
  await whenLogAnswers(Number.POSITIVE_INFINITY, put);
  // A renewal that fails is made up by the next one, or the key runs out: that is what it is for.
  const timer = setInterval(() => void renew(), renewMs);
  void nats.closed().then(() => clearInterval(timer));
  void onReconnect(nats, renewals.interrupted);

  return {
    async isGone(other) {
      // While the log took no renewals, the keys of the living ran out too: wait until they had their chance.
      if (renewals.steadyForMs() < ttlMs) return false;
      const entry = await kv.get(other);
      return entry === null || entry.operation !== "PUT";
    },
    tenure: own.now,
    async leave() {
      clearInterval(timer);
      await kv.delete(workerId);
    },
  };
}

/**
 * For how long the log has taken this worker's renewals without a stop. A lost connection shows in it, and so does what
 * a connection does not show: in a cluster the bucket's leader may be gone while this process's own server is well.
 */
function steadiness({ ttlMs, renewMs }: { readonly ttlMs: number; readonly renewMs: number }) {
  const underWay = new Set<number>();
  // A new process knows nothing of before: others have two renewals' time to come back from what it did not see.
  let since = performance.now() - ttlMs + 2 * renewMs;
  const interrupted = () => {
    since = performance.now();
  };
  return {
    interrupted,
    async watch(renewal: Promise<unknown>): Promise<void> {
      const begun = performance.now();
      underWay.add(begun);
      const stored = await renewal.then(
        () => true,
        () => false,
      );
      underWay.delete(begun);
      if (!stored || performance.now() - begun > renewMs) interrupted();
    },
    steadyForMs(): number {
      const now = performance.now();
      return Math.min(...underWay) + renewMs < now ? 0 : now - since;
    },
  };
}

/**
 * For how long nobody can have missed this worker's key, by a clock that goes on while the process is stopped. A renewal
 * counts from when it was asked for; the key runs out at the server, later than that.
 */
function tenures(ttlMs: number) {
  let begunAt = Number.NEGATIVE_INFINITY;
  let tenure = 0;
  return {
    async watch(renewal: Promise<unknown>): Promise<void> {
      const begun = performance.now();
      await renewal;
      if (performance.now() - begunAt >= ttlMs) tenure += 1;
      begunAt = Math.max(begunAt, begun);
    },
    now: () => (performance.now() - begunAt < ttlMs - MARGIN_MS ? tenure : undefined),
  };
}

async function onReconnect(nats: NatsConnection, told: () => void): Promise<void> {
  for await (const { type } of nats.status()) if (type === Events.Reconnect) told();
}
