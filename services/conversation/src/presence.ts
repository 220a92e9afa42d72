import { Events, type NatsConnection } from "nats";

/** Which conversation processes live: KV bucket `workers`, one key each, gone when it is not renewed. */
export interface Presence {
  /** Whether a claim of that worker may be taken over. */
  isGone(workerId: string): Promise<boolean>;
  /** Takes this worker's key away, so that its claims are free at once. */
  leave(): Promise<void>;
}

export interface PresenceOptions {
  readonly workerId: string;
  readonly ttlMs?: number;
  readonly renewMs?: number;
}

const BUCKET = "workers";

export async function presence(nats: NatsConnection, options: PresenceOptions): Promise<Presence> {
  const { workerId, ttlMs = 3_000, renewMs = 1_000 } = options;
  const kv = await nats.jetstream().views.kv(BUCKET, { ttl: ttlMs, history: 1 });
  await kv.put(workerId, "");
  // A renewal that fails is made up by the next one, or the key runs out: that is what it is for.
  const timer = setInterval(() => void kv.put(workerId, "").catch(() => undefined), renewMs);
  void nats.closed().then(() => clearInterval(timer));
  const reconnected = lastReconnect(nats);

  return {
    async isGone(other) {
      // While the log was away nobody could renew: wait until the living ones had their chance.
      if (Date.now() - reconnected() < ttlMs) return false;
      const entry = await kv.get(other);
      return entry === null || entry.operation !== "PUT";
    },
    async leave() {
      clearInterval(timer);
      await kv.delete(workerId);
    },
  };
}

function lastReconnect(nats: NatsConnection): () => number {
  let at = 0;
  const watch = async () => {
    for await (const { type } of nats.status()) if (type === Events.Reconnect) at = Date.now();
  };
  void watch();
  return () => at;
}
