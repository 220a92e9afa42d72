import { CannotOpen, open, seal, sealedWith } from "./seal.ts";
import { type SecretKey, secretKey } from "./secret-key.ts";

/**
 * Where data keys are wrapped: keys from configuration now, a Vault or a cloud's KMS behind the same three functions
 * later. `belongsTo` binds a wrapped key to its place, as in `seal`.
 */
export interface KeyEncryptionKey {
  wrap(dataKey: Uint8Array, belongsTo: string): Promise<Uint8Array>;
  /** Throws `CannotOpen` when no configured key wrapped it for this place. */
  unwrap(wrapped: Uint8Array, belongsTo: string): Promise<Uint8Array>;
  /** False when an older key wrapped it, so that a rotation has to wrap it again. */
  isCurrent(wrapped: Uint8Array): boolean;
}

const NAMED_KEY = /^(?:(?<id>[A-Za-z0-9_-]{1,32})=)?(?<base64>[A-Za-z0-9+/]{43}=)$/;

/**
 * The keys of `KEY_ENCRYPTION_KEY`: 32 bytes in base64, or several as `id=base64,id2=base64`, of which the first wraps
 * and all unwrap; a key without a name is called "default". Throws with the position of every bad entry, never its text.
 */
export function keyEncryptionKey(configured: string): KeyEncryptionKey {
  const keys = parse(configured);
  const [current] = keys.values();
  if (current === undefined) throw new Error("KEY_ENCRYPTION_KEY is empty");
  return {
    wrap: async (dataKey, belongsTo) => seal(current, dataKey, belongsTo),
    unwrap: async (wrapped, belongsTo) => {
      const key = keys.get(sealedWith(wrapped));
      if (key === undefined) throw new CannotOpen(`KEY_ENCRYPTION_KEY holds no key "${sealedWith(wrapped)}"`);
      return open(key, wrapped, belongsTo);
    },
    isCurrent: (wrapped) => sealedWith(wrapped) === current.id,
  };
}

function parse(configured: string): Map<string, SecretKey> {
  const keys = new Map<string, SecretKey>();
  const problems: string[] = [];
  for (const [index, entry] of configured.split(",").entries()) {
    const { id = "default", base64 } = NAMED_KEY.exec(entry.trim())?.groups ?? {};
    if (base64 === undefined) problems.push(`entry ${index + 1} is not 32 bytes in base64, or id=base64`);
    else if (keys.has(id)) problems.push(`entry ${index + 1} repeats the id "${id}"`);
    else keys.set(id, secretKey(Buffer.from(base64, "base64"), id));
  }
  if (problems.length > 0) throw new Error(`KEY_ENCRYPTION_KEY: ${problems.join("; ")}`);
  return keys;
}
