import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { natsAccounts } from "@botfactory/infrastructure/nats-accounts";
import type { NatsUser } from "@botfactory/infrastructure/nats-permissions";
import { type NatsKeys, newNatsKey, newNatsKeys } from "@botfactory/infrastructure/nats-users";

/**
 * `botfactory nats-users <directory>`: new keys for all NATS users, a file with the seed each, and what nats-server has to
 * know of them. Refuses a directory that is there: the keys in it may be in use.
 */
export async function writeNatsUsers(directory: string, say: (line: string) => void): Promise<void> {
  const keys = newNatsKeys();
  await mkdir(directory, { mode: 0o700 });
  await writeSeeds(directory, keys);
  await writeFile(join(directory, "accounts.conf"), natsAccounts(keys), { mode: 0o644 });
  say(`✓ seeds of ${Object.keys(keys).join(", ")} in ${directory}, each a secret of its user`);
  say(`  nats-server: include accounts.conf; the services: NATS_URL=nats://host:4222?nkey=<directory>/<service>.nk`);
}

/**
 * `botfactory nats-key <file>`: one new key, its seed in a file of its own. For a user's second key, or for the user that
 * may do everything and is there only while something is restored.
 */
export async function writeNatsKey(file: string, say: (line: string) => void): Promise<void> {
  const { publicKey, seed } = newNatsKey();
  await writeFile(file, `${seed}\n`, { mode: 0o600, flag: "wx" });
  say(publicKey);
}

/** A file for each user's seed, by the user's name. */
export async function writeSeeds(directory: string, keys: NatsKeys): Promise<Readonly<Record<NatsUser, string>>> {
  const files = Object.entries(keys).map(async ([user, { seed }]) => {
    const file = join(directory, `${user}.nk`);
    await writeFile(file, `${seed}\n`, { mode: 0o600 });
    return [user, file] as const;
  });
  return Object.fromEntries(await Promise.all(files)) as Record<NatsUser, string>;
}
