import { createHash, createSecretKey, generateKeySync, type KeyObject } from "node:crypto";

const AES_256_BYTES = 32;

/**
 * An AES-256 key with a name that may be shown. The bytes stay inside Node's `KeyObject`, which neither `inspect`,
 * `JSON.stringify` nor a logger prints.
 */
export interface SecretKey {
  /** 1 to 64 characters, written in clear into everything the key seals. */
  readonly id: string;
  readonly key: KeyObject;
}

/** A key made of 32 bytes; named by the start of its SHA-256 when no id is given. Throws on any other length. */
export function secretKey(bytes: Uint8Array, id = fingerprint(bytes)): SecretKey {
  if (bytes.length !== AES_256_BYTES) throw new RangeError("an AES-256 key has 32 bytes");
  return { id, key: createSecretKey(bytes) };
}

/** A new random key. */
export function newSecretKey(): SecretKey {
  return secretKey(generateKeySync("aes", { length: 256 }).export());
}

/** 64 bits of a hash tell keys apart and say nothing about a random key. */
function fingerprint(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex").slice(0, 16);
}
