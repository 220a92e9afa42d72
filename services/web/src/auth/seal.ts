import { hkdfSync } from "node:crypto";
import { CompactEncrypt, compactDecrypt } from "jose";

/** Seals tokens for the session store, so that a copy of the database signs nobody in. */
export interface Seal {
  seal(text: string): Promise<string>;
  /** Nothing when it was sealed with another secret. */
  open(sealed: string): Promise<string | undefined>;
}

export function sealWith(secret: string): Seal {
  const key = new Uint8Array(hkdfSync("sha256", secret, "", "botfactory session grant", 32));
  return {
    seal: (text) =>
      new CompactEncrypt(new TextEncoder().encode(text))
        .setProtectedHeader({ alg: "dir", enc: "A256GCM" })
        .encrypt(key),
    open: (sealed) =>
      compactDecrypt(sealed, key).then(
        ({ plaintext }) => new TextDecoder().decode(plaintext),
        () => undefined,
      ),
  };
}
