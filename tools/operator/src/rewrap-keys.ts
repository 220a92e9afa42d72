import { keyEncryptionKey, keyRing } from "@botfactory/encryption";
import { connectForCommand } from "./connect-for-command.ts";

export interface RewrapOptions {
  readonly natsUrl: string;
  /** `KEY_ENCRYPTION_KEY` with the new key first and the retired ones behind it, as the services have it. */
  readonly keys: string;
  readonly say: (line: string) => void;
}

/** Wraps every key of the log with the current key-encryption key; may run while services work, and again. */
export async function rewrapKeys({ natsUrl, keys, say }: RewrapOptions): Promise<void> {
  const kek = keyEncryptionKey(keys);
  const nats = await connectForCommand({ url: natsUrl, name: "rewrap-keys" });
  try {
    const changed = await (await keyRing(nats, kek)).rewrap();
    say(
      `✓ ${changed} keys wrapped again; the retired key unwraps nothing of this log any more, only of backups made before`,
    );
  } finally {
    await nats.close();
  }
}
