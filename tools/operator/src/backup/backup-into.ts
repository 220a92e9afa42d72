import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { type BackupOptions, backup } from "./backup.ts";
import { type Manifest, readManifest } from "./manifest.ts";
import { backupName, outdated, type Retention, wholeBackups } from "./retention.ts";

export interface BackupIntoOptions extends Pick<BackupOptions, "natsUrl" | "say"> {
  /** Where backups stand side by side, each under its moment. */
  readonly into: string;
  readonly retention: Retention;
  readonly now: () => Date;
}

/**
 * `botfactory backup --into <directory>`: a backup under the name of its moment. Those go whose time is over: before, since a
 * full disk takes no other, and again once the new one is whole. None goes while an older one has more of a stream than the
 * newest: the log went back, and what it lost is in those alone.
 */
export async function backupInto({ into, retention, now, ...options }: BackupIntoOptions): Promise<Manifest> {
  const removeOutdated = async () => {
    const names = await readdir(into);
    const stream = await shrunkStream(into, wholeBackups(names));
    if (stream !== undefined) {
      options.say(
        `  nothing is removed: an older backup has more of ${stream} than the newest (see docs/operations/log-damage.md)`,
      );
      return;
    }
    for (const name of outdated(names, now(), retention)) {
      await rm(join(into, name), { recursive: true });
      options.say(`  removed ${name}: its time is over`);
    }
  };
  await removeOutdated();
  const manifest = await backup({ ...options, directory: join(into, backupName(now())) });
  await removeOutdated();
  return manifest;
}

/** A stream whose end is behind that of an older backup, the newest first in `names`. */
async function shrunkStream(into: string, names: readonly string[]): Promise<string | undefined> {
  const [newest, ...older] = await Promise.all(
    names.map((name) => readManifest(join(into, name)).catch(() => undefined)),
  );
  const ends = new Map(newest?.streams.map(({ name, state }) => [name, state.last_seq]));
  return older
    .flatMap((manifest) => manifest?.streams ?? [])
    .find(({ name, state }) => state.last_seq > (ends.get(name) ?? Number.POSITIVE_INFINITY))?.name;
}
