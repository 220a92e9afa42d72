import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { type BackupOptions, backup } from "./backup.ts";
import type { Manifest } from "./manifest.ts";
import { backupName, outdated, type Retention } from "./retention.ts";

export interface BackupIntoOptions extends Pick<BackupOptions, "natsUrl" | "say"> {
  /** Where backups stand side by side, each under its moment. */
  readonly into: string;
  readonly retention: Retention;
  readonly now: () => Date;
}

/** `botfactory backup --into <directory>`: a backup under the name of its moment; once it is whole, those go whose time is over. */
export async function backupInto({ into, retention, now, ...options }: BackupIntoOptions): Promise<Manifest> {
  const manifest = await backup({ ...options, directory: join(into, backupName(now())) });
  for (const name of outdated(await readdir(into), now(), retention)) {
    await rm(join(into, name), { recursive: true });
    options.say(`  removed ${name}: its time is over`);
  }
  return manifest;
}
