import type { KV, NatsConnection } from "nats";
import { announcing } from "./announcements.ts";
import { isAsDeclared, provisioning } from "./provisioned.ts";
import { whenLogAnswers } from "./streams.ts";

/** A key-value bucket as its owner declares it; only a key's last value is kept. */
export interface BucketDeclaration {
  readonly name: string;
  readonly description?: string;
  /** How long a value lives after it was put, ms; for ever when left out. */
  readonly ttlMs?: number;
  /** Others follow it: each value is announced once it is stored, and any copy may be asked for pages of them. */
  readonly announced?: boolean;
  /** Copies in the cluster (1 to 5); left out: 1 for a new bucket, as it is for an existing one. */
  readonly replicas?: number | undefined;
}

/**
 * Creates the bucket, or brings an existing one to the declaration. Of a bucket that is not announced, values are read from
 * the leader: by default any replica answers, and one that lags behind calls a key missing that was put long ago. A log
 * that is away is waited for, as long as the connection is open; a user that may not declare waits a minute for one that
 * may.
 */
export function ensureBucket(nats: NatsConnection, declaration: BucketDeclaration): Promise<KV> {
  const what = `bucket ${declaration.name}`;
  return whenLogAnswers(Number.POSITIVE_INFINITY, () => provisioning(what, () => declare(nats, declaration)));
}

async function declare(nats: NatsConnection, declaration: BucketDeclaration): Promise<KV> {
  const { name, description, ttlMs, replicas, announced = false } = declaration;
  const stream = `KV_${name}`;
  const bucket = await nats.jetstream().views.kv(name, {
    history: 1,
    allow_direct: announced,
    ...(announced ? announcing(stream) : {}),
    ...(description === undefined ? {} : { description }),
    ...(ttlMs === undefined ? {} : { ttl: ttlMs }),
    ...(replicas === undefined ? {} : { replicas }),
  });
  const { streams } = await nats.jetstreamManager({ checkAPI: false });
  const { config } = await streams.info(stream);
  const wanted = {
    ...(announced ? { allow_direct: true, ...announcing(stream) } : {}),
    ...(replicas === undefined ? {} : { num_replicas: replicas }),
  };
  if (!isAsDeclared(wanted, config)) await streams.update(stream, { ...config, ...wanted });
  return bucket;
}
