import { readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { acceptAsItIs } from "./accept-rollback.ts";
import { audit, auditReport } from "./audit.ts";
import { backup } from "./backup/backup.ts";
import { restore } from "./backup/restore.ts";
import { detach } from "./detach.ts";
import { doctor } from "./doctor/doctor.ts";
import { doctorReport } from "./doctor/report.ts";
import { serviceEnvironment } from "./doctor/stack-environment.ts";
import { down } from "./down.ts";
import { printEvents } from "./events.ts";
import { writeNatsUsers } from "./nats-keys.ts";
import { rebuild } from "./rebuild.ts";
import { configurationReference } from "./reference/configuration.ts";
import { eventsReference } from "./reference/events.ts";
import { natsAccountsFile, natsUsersReference } from "./reference/nats-users.ts";
import { rewrapKeys } from "./rewrap-keys.ts";
import { readStackFile } from "./stack-file.ts";
import { tunnel } from "./tunnel.ts";
import { up } from "./up.ts";

const repository = resolve(fileURLToPath(import.meta.url), "../../../..");
const say = (line: string) => process.stdout.write(`${line}\n`);

async function running() {
  const stack = await readStackFile(repository);
  if (stack === undefined) throw new Error("BotFactory does not run here: start it with make up");
  return stack;
}

/** What is given, else what the environment says, else the running stack. A log that is given stands for itself. */
async function addresses(given: { nats?: string | undefined; mongodb?: string | undefined }) {
  const { NATS_URL, MONGODB_URL } = process.env;
  const mongodbUrl = given.mongodb ?? MONGODB_URL;
  const natsUrl = given.nats ?? NATS_URL;
  if (natsUrl !== undefined) return { natsUrl, mongodbUrl };
  const { nats, mongodb } = await running();
  return { natsUrl: nats, mongodbUrl: mongodbUrl ?? mongodb };
}

const program = new Command("botfactory").description("Runs and looks into a local BotFactory");
program
  .command("up")
  .description("start everything; Ctrl-C stops it")
  .option("--detach", "return when ready, leave it running")
  .action(({ detach: inBackground }: { detach?: true }) =>
    inBackground ? detach(repository, process.stdout) : up(repository, say),
  );
program
  .command("down")
  .description("stop what up started")
  .action(() => down(repository, say));
program
  .command("events")
  .description("print the event log as JSON, one event a line")
  .action(async () => printEvents(process.env["NATS_URL"] ?? (await running()).nats, process.stdout));
program
  .command("rebuild")
  .description("rebuild every read model from the log (NATS_URL and MONGODB_URL, or the running stack's)")
  .action(async () => {
    const { natsUrl, mongodbUrl } = await addresses({});
    if (mongodbUrl === undefined) throw new Error("the read models are in MongoDB: give MONGODB_URL");
    await rebuild({ repository, natsUrl, mongodbUrl, say });
  });
program
  .command("audit")
  .description("read the whole log and check its invariants; exit code 1 when it is damaged")
  .option("--nats <url>", "the log (NATS_URL, or the running stack's)")
  .option("--mongodb <url>", "where the watermarks are (MONGODB_URL, or the running stack's)")
  .option("--json", "print what was found as JSON")
  .action(async ({ nats, mongodb, json }: { nats?: string; mongodb?: string; json?: true }) => {
    const log = await addresses({ nats, mongodb });
    const found = await audit({ ...log, repository, say: json ? () => undefined : say });
    for (const line of json ? [JSON.stringify(found, null, 2)] : auditReport(found)) say(line);
    if (!found.intact) process.exitCode = 1;
  });
program
  .command("doctor")
  .description("check every dependency, each with PASS or FAIL and the remedy; exit code 1 when something fails")
  .option("--bot-token-file <file>", "a file with a bot's token, to look at that bot and its webhook")
  .option("--json", "print what was found as JSON")
  .action(async ({ botTokenFile, json }: { botTokenFile?: string; json?: true }) => {
    const env = await serviceEnvironment(repository, process.env);
    const botToken = botTokenFile === undefined ? undefined : await readFile(botTokenFile, "utf8");
    const diagnosis = await doctor({ env, botToken, now: Date.now });
    for (const line of json ? [JSON.stringify(diagnosis, null, 2)] : doctorReport(diagnosis.findings)) say(line);
    if (!diagnosis.healthy) process.exitCode = 1;
  });
program
  .command("accept-rollback")
  .description("take a stream as it is for the truth, after a restore or damage that cannot be healed")
  .argument("<stream>", "ACCOUNTS, QUOTAS or CONVERSATIONS")
  .option("--nats <url>", "the log (NATS_URL, or the running stack's)")
  .option("--mongodb <url>", "where the watermarks are (MONGODB_URL, or the running stack's)")
  .action(async (stream: string, given: { nats?: string; mongodb?: string }) => {
    const { natsUrl, mongodbUrl } = await addresses(given);
    if (mongodbUrl === undefined) throw new Error("the watermarks are in MongoDB: give --mongodb or MONGODB_URL");
    await acceptAsItIs({ natsUrl, mongodbUrl, stream, say });
  });
program
  .command("backup <directory>")
  .description("write all streams, tables and wrapped keys to a directory, while the services go on (NATS_URL)")
  .action(async (directory: string) => {
    await backup({ natsUrl: process.env["NATS_URL"] ?? (await running()).nats, directory: resolve(directory), say });
  });
program
  .command("restore <directory>")
  .description("bring a backup into an empty NATS while no service runs (NATS_URL, MONGODB_URL)")
  .option("--replicas <count>", "copies of each stream; as in the backup when left out", Number)
  .action(async (directory: string, { replicas }: { replicas?: number }) => {
    const { NATS_URL: natsUrl, MONGODB_URL: mongodbUrl } = process.env;
    if (!natsUrl || !mongodbUrl) throw new Error("NATS_URL and MONGODB_URL must say where to restore to");
    await restore({ repository, natsUrl, mongodbUrl, directory: resolve(directory), replicas, say });
  });
program
  .command("rewrap-keys")
  .description("wrap every key of the log with the first key of KEY_ENCRYPTION_KEY, after a rotation (NATS_URL)")
  .action(async () => {
    const { KEY_ENCRYPTION_KEY: keys } = process.env;
    if (!keys) throw new Error("KEY_ENCRYPTION_KEY must hold the new key first and the retired ones behind it");
    await rewrapKeys({ natsUrl: process.env["NATS_URL"] ?? (await running()).nats, keys, say });
  });
program
  .command("nats-users <directory>")
  .description("write a key for each NATS user and what nats-server has to know of them")
  .action((directory: string) => writeNatsUsers(resolve(directory), say));
program
  .command("reference")
  .description("write what is generated from the contracts, schemas and tables: parts of docs and of the chart")
  .action(async () => {
    await writeFile(join(repository, "docs", "events.md"), eventsReference(repository));
    await writeFile(join(repository, "docs", "configuration.md"), await configurationReference(repository));
    await writeFile(join(repository, "docs", "operations", "nats-users.md"), natsUsersReference());
    await writeFile(join(repository, "deploy/helm/botfactory/files/nats-accounts.json"), natsAccountsFile());
  });
program
  .command("tunnel")
  .description("give ingress a public HTTPS address")
  .action(() => tunnel(repository, say));

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`error: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
