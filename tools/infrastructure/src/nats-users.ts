import { nkeys } from "nats";
import { NATS_PERMISSIONS, type NatsUser } from "./nats-permissions.ts";

/** One user's key pair: the server knows the public part, the service alone its seed. */
export interface NatsKey {
  /** U… */
  readonly publicKey: string;
  /** SU…, a secret. */
  readonly seed: string;
}

/** A key for every user. */
export type NatsKeys = Readonly<Record<NatsUser, NatsKey>>;

/** Every NATS user's name. */
export const NATS_USERS = Object.keys(NATS_PERMISSIONS) as readonly NatsUser[];

/** New keys for all users. */
export function newNatsKeys(): NatsKeys {
  return Object.fromEntries(NATS_USERS.map((user) => [user, newNatsKey()])) as NatsKeys;
}

/** A new key for one user. */
export function newNatsKey(): NatsKey {
  const pair = nkeys.createUser();
  return { publicKey: pair.getPublicKey(), seed: Buffer.from(pair.getSeed()).toString() };
}
