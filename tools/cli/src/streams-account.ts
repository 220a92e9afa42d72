import { existsSync } from "node:fs";
import { rename } from "node:fs/promises";
import { join } from "node:path";
import { LOG_ACCOUNT } from "@botfactory/infrastructure";

/** Where NATS keeps the streams of who is in no account. */
const NO_ACCOUNT = "$G";

/**
 * Brings the streams of a local stack from before services had accounts into the account where they are looked for now:
 * NATS keeps each account's in a directory of its name. Only while that server does not run.
 */
export async function moveStreamsToAccount(natsDirectory: string, say: (line: string) => void): Promise<void> {
  const [before, now] = [NO_ACCOUNT, LOG_ACCOUNT].map((account) => join(natsDirectory, "jetstream", account));
  if (before === undefined || now === undefined || !existsSync(before) || existsSync(now)) return;
  await rename(before, now).catch((cause: unknown) => {
    throw new Error(`move ${before} to ${now}: the log is in there, and a container's user wrote it`, { cause });
  });
  say(`the log is in NATS account ${LOG_ACCOUNT} now; it was in none`);
}
