import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type NatsKeys, type NatsUser, natsAccounts, newNatsKeys } from "@botfactory/infrastructure";

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

/** A file for each user's seed, by the user's name. */
export async function writeSeeds(directory: string, keys: NatsKeys): Promise<Readonly<Record<NatsUser, string>>> {
  const files = Object.entries(keys).map(async ([user, { seed }]) => {
    const file = join(directory, `${user}.nk`);
    await writeFile(file, `${seed}\n`, { mode: 0o600 });
    return [user, file] as const;
  });
  return Object.fromEntries(await Promise.all(files)) as Record<NatsUser, string>;
}
