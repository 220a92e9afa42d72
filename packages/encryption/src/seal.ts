import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import type { SecretKey } from "./secret-key.ts";

/** Sealed bytes cannot be opened: another key, another owner, or bytes that were changed. Says nothing more. */
export class CannotOpen extends Error {
  override readonly name = "CannotOpen";
}

const ALGORITHM = "aes-256-gcm";
const VERSION = 1;
/** Sizes NIST SP 800-38D recommends for GCM: a 96-bit random nonce and a 128-bit tag. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Encrypts bytes for one owner and place. `belongsTo` (such as "bots/<botId>/token") is not stored but must be given
 * again to open, so a ciphertext moved elsewhere does not open.
 * Format: version (1 byte, 1), length of the key's id (1 byte), the id (UTF-8), nonce (12), ciphertext, tag (16).
 */
export function seal({ id, key }: SecretKey, plaintext: Uint8Array, belongsTo: string): Uint8Array {
  const idBytes = Buffer.from(id);
  if (idBytes.length === 0 || idBytes.length > 64) throw new RangeError("a key's id has 1 to 64 bytes");
  const header = Buffer.concat([Buffer.of(VERSION, idBytes.length), idBytes]);
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(associatedData(header, belongsTo));
  const parts = [header, nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()];
  // Copied out of Node's pool: a small text that is kept would keep 8 KB of it.
  return new Uint8Array(Buffer.concat(parts));
}

/** Decrypts what `seal` made with the same key for the same `belongsTo`; throws {@link CannotOpen} otherwise. */
export function open({ id, key }: SecretKey, sealed: Uint8Array, belongsTo: string): Uint8Array {
  const { header, keyId, nonce, ciphertext, tag } = parse(sealed);
  if (keyId !== id) throw new CannotOpen("sealed with another key");
  const decipher = createDecipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(associatedData(header, belongsTo));
  decipher.setAuthTag(tag);
  try {
    return Buffer.concat([decipher.update(ciphertext), decipher.final()]);
  } catch {
    throw new CannotOpen("changed, or sealed for another owner");
  }
}

/** The id of the key that sealed these bytes; throws {@link CannotOpen} when they are not in the format. */
export function sealedWith(sealed: Uint8Array): string {
  return parse(sealed).keyId;
}

/** `seal` for text. */
export function sealText(key: SecretKey, text: string, belongsTo: string): Uint8Array {
  return seal(key, Buffer.from(text), belongsTo);
}

/** `open` for text. */
export function openText(key: SecretKey, sealed: Uint8Array, belongsTo: string): string {
  return Buffer.from(open(key, sealed, belongsTo)).toString();
}

function associatedData(header: Uint8Array, belongsTo: string): Uint8Array {
  return Buffer.concat([header, Buffer.from(belongsTo)]);
}

function parse(sealed: Uint8Array) {
  const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
  const [version, idLength] = bytes;
  if (version !== VERSION || idLength === undefined) throw new CannotOpen("not in a known format");
  const nonceAt = 2 + idLength;
  const tagAt = bytes.length - TAG_BYTES;
  if (tagAt < nonceAt + NONCE_BYTES) throw new CannotOpen("cut short");
  return {
    header: bytes.subarray(0, nonceAt),
    keyId: bytes.toString("utf8", 2, nonceAt),
    nonce: bytes.subarray(nonceAt, nonceAt + NONCE_BYTES),
    ciphertext: bytes.subarray(nonceAt + NONCE_BYTES, tagAt),
    tag: bytes.subarray(tagAt),
  };
}
