import { randomBytes } from "node:crypto";

/** The secrets of a local installation, in the names the services read. */
export type LocalSecrets = Record<"SESSION_SECRET" | "KEY_ENCRYPTION_KEY" | "SERVICE_AUTH_KEY", string>;

/** Random ones. To be kept: a new key-encryption key cannot read an old log. */
export function newSecrets(): LocalSecrets {
  const key = () => randomBytes(32).toString("base64");
  return { SESSION_SECRET: key(), KEY_ENCRYPTION_KEY: key(), SERVICE_AUTH_KEY: key() };
}
