import { nkeys } from "nats";
import { NATS_PERMISSIONS, type NatsPermissions, type NatsUser } from "./nats-permissions.ts";

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
  return Object.fromEntries(NATS_USERS.map((user) => [user, newKey()])) as NatsKeys;
}

function newKey(): NatsKey {
  const pair = nkeys.createUser();
  return { publicKey: pair.getPublicKey(), seed: Buffer.from(pair.getSeed()).toString() };
}

/**
 * The `authorization` of a nats-server configuration: each user by its public key with exactly its subjects. With
 * `openTo`, a name, who shows no credentials is that user and may do everything: for a server only this machine reaches.
 */
export function natsAuthorization(
  keys: Readonly<Record<NatsUser, Pick<NatsKey, "publicKey">>>,
  { openTo }: { readonly openTo?: string } = {},
): string {
  const users = NATS_USERS.map(
    (user) => `    { nkey: ${keys[user].publicKey}, ${permissions(NATS_PERMISSIONS[user])} }`,
  );
  // Nobody has to know it: it is the name that is taken for who shows none.
  const open = openTo === undefined ? [] : [`    { user: ${openTo}, password: ${JSON.stringify(newKey().seed)} }`];
  return `authorization {
  users: [
${[...users, ...open].join(",\n")}
  ]
}
${openTo === undefined ? "" : `no_auth_user: ${openTo}\n`}`;
}

function permissions({ publish, subscribe }: NatsPermissions): string {
  return `permissions: { publish: { allow: ${JSON.stringify(publish)} }, subscribe: { allow: ${JSON.stringify(subscribe)} } }`;
}
