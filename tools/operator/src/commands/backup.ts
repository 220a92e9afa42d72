import { resolve } from "node:path";
import type { Command } from "commander";
import { backup } from "../backup/backup.ts";
import { backupInto } from "../backup/backup-into.ts";
import { listBackups } from "../backup/list-backups.ts";
import { restore } from "../backup/restore.ts";
import type { Retention } from "../backup/retention.ts";
import { addressesOf, type Surroundings } from "../surroundings.ts";
import { wholeNumber } from "./whole-number.ts";

/** Commands that bring the log out of NATS and back. */
export function addBackupCommands(program: Command, surroundings: Surroundings): void {
  addBackup(program, surroundings);
  addRestore(program, surroundings);
  program
    .command("backups <directory>")
    .description("what can be restored of what is in a directory, the newest last")
    .action(async (directory: string) => {
      for (const line of await listBackups(resolve(directory))) surroundings.say(line);
    });
}

function addBackup(program: Command, surroundings: Surroundings): void {
  const { say } = surroundings;
  program
    .command("backup [directory]")
    .description("write all streams, tables and wrapped keys to a new directory, while the services go on (NATS_URL)")
    .option("--into <directory>", "where backups stand side by side: makes one named by its moment, removes old ones")
    .option("--keep-hours <hours>", "with --into: how long all backups are kept", wholeNumber({ from: 0 }), 24)
    .option(
      "--keep-days <days>",
      "with --into: how long the last one of each day is kept",
      wholeNumber({ from: 0 }),
      30,
    )
    .action(async (directory: string | undefined, { into, ...retention }: BackupWish) => {
      if ((directory === undefined) === (into === undefined))
        throw new Error("name a new directory, or one with --into");
      const { natsUrl } = await addressesOf(surroundings, {});
      const course = { natsUrl, say, stop: askedToStop() };
      if (directory !== undefined) await backup({ ...course, directory: resolve(directory) });
      else if (into !== undefined)
        await backupInto({ ...course, into: resolve(into), retention, now: () => new Date() });
    });
}

/** A Job whose time is over, or somebody at a terminal. */
function askedToStop(): AbortSignal {
  const controller = new AbortController();
  const stop = () => controller.abort(new Error("the backup was stopped before it was whole"));
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, stop);
  return controller.signal;
}

interface BackupWish extends Retention {
  readonly into?: string;
}

function addRestore(program: Command, { say }: Surroundings): void {
  program
    .command("restore <directory>")
    .description("bring a backup into an empty NATS while no service runs (NATS_URL, MONGODB_URL)")
    .option(
      "--replicas <count>",
      "copies of each stream; as in the backup when left out",
      wholeNumber({ from: 1, to: 5 }),
    )
    .action(async (directory: string, { replicas }: { replicas?: number }) => {
      const { NATS_URL: natsUrl, MONGODB_URL: mongodbUrl } = process.env;
      if (!natsUrl || !mongodbUrl) throw new Error("NATS_URL and MONGODB_URL must say where to restore to");
      await restore({ natsUrl, mongodbUrl, directory: resolve(directory), replicas, say });
    });
}
