import { crashPoint } from "@botfactory/crash-points";
import { LRUCache } from "lru-cache";
import type { NatsConnection } from "nats";
import type { KeyEncryptionKey } from "./key-encryption-key.ts";
import { type KeyStream, keyStream } from "./key-stream.ts";
import { newSecretKey, type SecretKey, secretKey } from "./secret-key.ts";

/** Data keys by subject (`keys.bot.<botId>`, `keys.chat.<botId>.<chatKey>`), wrapped in the stream KEYS. */
export interface KeyRing {
  /** The subject's key; a new one when it has none. All processes get the same one, however they race. */
  getOrCreate(subject: string): Promise<SecretKey>;
  /** The subject's key, or undefined when there is none or it was destroyed. */
  get(subject: string): Promise<SecretKey | undefined>;
  /**
   * Erases the key on the disk and in the caches of all processes: whatever it sealed cannot be read by anybody again.
   * A later `getOrCreate` starts with a new key. Backups of the stream have to be dropped on their own.
   */
  destroy(subject: string): Promise<void>;
  /**
   * Wraps every key again that an older key-encryption key wrapped; the number of keys that changed. The former
   * wrappings leave the disk when the log compacts its files, so keep the retired key secret.
   */
  rewrap(): Promise<number>;
}

/** How many keys are kept in memory (10,000), and for how long at most (five minutes). */
export interface KeyRingOptions {
  /** Copies of the stream in a cluster; left out: 1 for a new stream, as it is for an existing one. */
  readonly replicas?: number | undefined;
  readonly cacheSize?: number;
  readonly cacheMs?: number;
}

const RACES = 10;

/** A key as one record of the stream has it. */
interface KnownKey {
  readonly key: SecretKey;
  readonly sequence: number;
}

/** Opens the key ring, and creates the stream KEYS when there is none; waits for a log that is away. */
export async function keyRing(
  nats: NatsConnection,
  kek: KeyEncryptionKey,
  { cacheSize = 10_000, cacheMs = 300_000, replicas }: KeyRingOptions = {},
): Promise<KeyRing> {
  const stream = await keyStream(nats, replicas);
  const cache = new LRUCache<string, KnownKey>({ max: cacheSize, ttl: cacheMs });
  const written = new LRUCache<string, number>({ max: cacheSize });
  // Destroyed or replaced, here or elsewhere: the former key leaves this process's memory too.
  stream.onWritten(({ subject, sequence }) => {
    written.set(subject, sequence);
    if ((cache.peek(subject)?.sequence ?? 0) < sequence) cache.delete(subject);
  });

  const find = async (subject: string): Promise<{ key: SecretKey | undefined; sequence: number }> => {
    const { wrapped, sequence } = await stream.find(subject);
    if (wrapped === undefined) return { key: undefined, sequence };
    const key = secretKey(await kek.unwrap(wrapped, subject));
    // Written over while it was on its way here: good for this one use, not to be kept.
    if ((written.peek(subject) ?? 0) <= sequence) cache.set(subject, { key, sequence });
    return { key, sequence };
  };

  return {
    get: async (subject) => cache.get(subject)?.key ?? (await find(subject)).key,

    getOrCreate: async (subject) => {
      const cached = cache.get(subject)?.key;
      if (cached !== undefined) return cached;
      for (let race = 0; race < RACES; race++) {
        const { key, sequence } = await find(subject);
        if (key !== undefined) return key;
        const fresh = await kek.wrap(newSecretKey().key.export(), subject);
        await stream.replace(subject, fresh, sequence);
      }
      throw new Error("a key was destroyed as often as it was created");
    },

    destroy: async (subject) => {
      const { wrapped, sequence } = await stream.find(subject);
      if (wrapped !== undefined) await stream.erase(sequence);
      crashPoint("er.afterKeyDelete");
      // Tells the other processes, also when no record is left or they were told: whoever erased it may have died before
      // this line, or the word got lost. A key created in between is a new one and stays.
      await stream.replace(subject, new Uint8Array(), wrapped === undefined ? sequence : 0);
      cache.delete(subject);
    },

    rewrap: async () => {
      const outcomes: boolean[] = [];
      for (const subject of await stream.subjects()) {
        outcomes.push(await rewrapOne({ stream, kek }, subject));
        crashPoint("key.midRewrap");
      }
      return outcomes.filter(Boolean).length;
    },
  };
}

async function rewrapOne({ stream, kek }: { stream: KeyStream; kek: KeyEncryptionKey }, subject: string) {
  const { wrapped, sequence } = await stream.find(subject);
  if (wrapped === undefined || kek.isCurrent(wrapped)) return false;
  const again = await kek.wrap(await kek.unwrap(wrapped, subject), subject);
  return stream.replace(subject, again, sequence);
}
