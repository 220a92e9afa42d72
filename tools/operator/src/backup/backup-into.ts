import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { type BackupOptions, backup } from "./backup.ts";
import { type Manifest, readManifest } from "./manifest.ts";
import { backupName, outdated, type Retention, unfinishedBackups, wholeBackups } from "./retention.ts";

/** One that is being written is written to all the time. */
const BROKEN_OFF_AFTER_MS = 3_600_000;

export interface BackupIntoOptions extends Pick<BackupOptions, "natsUrl" | "say" | "stop"> {
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
  const place = { into, retention, now, say: options.say };
  await removeBrokenOff(place);
  await removeOutdated(place);
  const manifest = await backup({ ...options, directory: join(into, backupName(now())) });
  await removeOutdated(place);
  return manifest;
}

type Place = Pick<BackupIntoOptions, "into" | "retention" | "now" | "say">;

async function removeOutdated({ into, retention, now, say }: Place): Promise<void> {
  const backups = await readableBackups(into, say);
  const stream = shrunkStream(backups.map(({ manifest }) => manifest));
  if (stream !== undefined) {
    say(
      `  nothing is removed: an older backup has more of ${stream} than the newest (see docs/operations/log-damage.md)`,
    );
    return;
  }
  const names = backups.map(({ name }) => name);
  for (const name of outdated(names, now(), retention)) {
    await rm(join(into, name), { recursive: true });
    say(`  removed ${name}: its time is over`);
  }
}

/** The newest first. What cannot be read counts for nothing, and is nobody's to remove but a person's. */
async function readableBackups(into: string, say: Place["say"]) {
  const backups: { name: string; manifest: Manifest }[] = [];
  for (const name of wholeBackups(await readdir(into))) {
    const manifest = await readManifest(join(into, name)).catch(() => undefined);
    if (manifest === undefined) say(`  ${name} is no whole backup: look at it, and remove it by hand`);
    else backups.push({ name, manifest });
  }
  return backups;
}

/** A stream of which an older backup has more than the newest, which may not have it at all. */
function shrunkStream([newest, ...older]: readonly Manifest[]): string | undefined {
  const ends = new Map(newest?.streams.map(({ name, state }) => [name, state.last_seq]));
  return older.flatMap(({ streams }) => streams).find(({ name, state }) => state.last_seq > (ends.get(name) ?? 0))
    ?.name;
}

/** Those that were killed, or whose disk was full. */
async function removeBrokenOff({ into, now, say }: Place): Promise<void> {
  for (const name of unfinishedBackups(await readdir(into))) {
    const directory = join(into, name);
    const writtenAt = await lastWritten(directory);
    if (writtenAt === undefined || now().getTime() - writtenAt < BROKEN_OFF_AFTER_MS) continue;
    await rm(directory, { recursive: true, force: true });
    say(`  removed ${name}: it broke off`);
  }
}

/** Undefined where it is gone: another backup, which runs beside this one, has become whole. */
function lastWritten(directory: string): Promise<number | undefined> {
  return newestIn(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
}

async function newestIn(directory: string): Promise<number> {
  const files = (await readdir(directory)).map((name) => join(directory, name));
  const stats = await Promise.all([directory, ...files].map((path) => stat(path)));
  return Math.max(...stats.map(({ mtimeMs }) => mtimeMs));
}
