import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { detach } from "./detach.ts";
import { down } from "./down.ts";
import { printEvents } from "./events.ts";
import { rebuild } from "./rebuild.ts";
import { configurationReference } from "./reference/configuration.ts";
import { eventsReference } from "./reference/events.ts";
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
  .description("rebuild every read model from the log")
  .action(async () => {
    const { nats, mongodb } = await running();
    await rebuild({ repository, natsUrl: nats, mongodbUrl: mongodb, say });
  });
program
  .command("reference")
  .description("write docs/events.md and docs/configuration.md from the contracts and schemas")
  .action(async () => {
    await writeFile(join(repository, "docs", "events.md"), eventsReference(repository));
    await writeFile(join(repository, "docs", "configuration.md"), await configurationReference(repository));
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
