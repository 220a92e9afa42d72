import { resolve } from "node:path";
import type { Command } from "commander";
import { backup } from "../backup/backup.ts";
import { restore } from "../backup/restore.ts";
import { addressesOf, type Surroundings } from "../surroundings.ts";

/** Commands that bring the log out of NATS and back. */
export function addBackupCommands(program: Command, surroundings: Surroundings): void {
  addBackup(program, surroundings);
  addRestore(program, surroundings);
}

function addBackup(program: Command, surroundings: Surroundings): void {
  const { say } = surroundings;
  program
    .command("backup <directory>")
    .description("write all streams, tables and wrapped keys to a directory, while the services go on (NATS_URL)")
    .action(async (directory: string) => {
      const { natsUrl } = await addressesOf(surroundings, {});
      await backup({ natsUrl, directory: resolve(directory), say });
    });
}

function addRestore(program: Command, { say }: Surroundings): void {
  program
    .command("restore <directory>")
    .description("bring a backup into an empty NATS while no service runs (NATS_URL, MONGODB_URL)")
    .option("--replicas <count>", "copies of each stream; as in the backup when left out", Number)
    .action(async (directory: string, { replicas }: { replicas?: number }) => {
      const { NATS_URL: natsUrl, MONGODB_URL: mongodbUrl } = process.env;
      if (!natsUrl || !mongodbUrl) throw new Error("NATS_URL and MONGODB_URL must say where to restore to");
      await restore({ natsUrl, mongodbUrl, directory: resolve(directory), replicas, say });
    });
}
