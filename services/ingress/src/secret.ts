import { hash as digest, timingSafeEqual } from "node:crypto";

/**
 * Whether the secret header, as often as it was sent, is exactly one secret whose SHA-256 is accepted. Without accepted
 * hashes nothing passes. Every hash is compared, so the time tells nothing about which one was near.
 */
export function isAcceptedSecret(sent: readonly string[] | undefined, acceptedHashes: readonly Uint8Array[]): boolean {
  const [secret, ...more] = sent ?? [];
  if (secret === undefined || more.length > 0) return false;
  const hash = digest("sha256", secret, "buffer");
  const matches = acceptedHashes.filter(
    (accepted) => accepted.length === hash.length && timingSafeEqual(accepted, hash),
  );
  return matches.length > 0;
}
