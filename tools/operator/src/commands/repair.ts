import type { Command } from "commander";
import { acceptAsItIs } from "../accept-rollback.ts";
import { rebuild } from "../rebuild.ts";
import { rewrapKeys } from "../rewrap-keys.ts";
import { addressesOf, addressesWithDocuments, type Surroundings } from "../surroundings.ts";

/** Commands that change a running product. */
export function addRepairCommands(program: Command, surroundings: Surroundings): void {
  const { say } = surroundings;
  program
    .command("accept-rollback")
    .description("take a stream as it is for the truth, after a restore or damage that cannot be healed")
    .argument("<stream>", "ACCOUNTS, QUOTAS or CONVERSATIONS")
    .option("--nats <url>", "the log (NATS_URL, or the running stack's)")
    .option("--mongodb <url>", "where the watermarks are (MONGODB_URL, or the running stack's)")
    .action(async (stream: string, given: { nats?: string; mongodb?: string }) => {
      await acceptAsItIs({ ...(await addressesWithDocuments(surroundings, given)), stream, say });
    });
  program
    .command("rewrap-keys")
    .description("wrap every key of the log with the first key of KEY_ENCRYPTION_KEY, after a rotation (NATS_URL)")
    .action(async () => {
      const { KEY_ENCRYPTION_KEY: keys } = process.env;
      if (!keys) throw new Error("KEY_ENCRYPTION_KEY must hold the new key first and the retired ones behind it");
      const { natsUrl } = await addressesOf(surroundings, {});
      await rewrapKeys({ natsUrl, keys, say });
    });
  program
    .command("rebuild")
    .description("rebuild every read model from the log (NATS_URL and MONGODB_URL, or the running stack's)")
    .action(async () => rebuild({ ...(await addressesWithDocuments(surroundings)), say }));
}
