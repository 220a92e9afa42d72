import { writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { addOperatorCommands } from "@botfactory/operator/commands";
import { runProgram } from "@botfactory/operator/run-program";
import { Command } from "commander";
import { detach } from "./detach.ts";
import { down } from "./down.ts";
import { configurationReference } from "./reference/configuration.ts";
import { eventsReference } from "./reference/events.ts";
import { natsAccountsFile, natsUsersReference } from "./reference/nats-users.ts";
import { productionRealm } from "./reference/production-realm.ts";
import { serviceEnvironment } from "./stack-environment.ts";
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
  .command("reference")
  .description(
    "write what is generated from the contracts, schemas and tables: parts of docs and of the chart, Keycloak's realm",
  )
  .action(async () => {
    await writeFile(join(repository, "docs", "events.md"), eventsReference(repository));
    await writeFile(join(repository, "docs", "configuration.md"), await configurationReference(repository));
    await writeFile(join(repository, "docs", "operations", "nats-users.md"), natsUsersReference());
    await writeFile(join(repository, "deploy/helm/botfactory/files/nats-accounts.json"), natsAccountsFile());
    await writeFile(join(repository, "deploy/keycloak/botfactory-realm.json"), await productionRealm(repository));
  });
program
  .command("tunnel")
  .description("give ingress a public HTTPS address")
  .action(() => tunnel(repository, say));

addOperatorCommands(program, {
  say,
  running,
  environment: () => serviceEnvironment(repository, process.env),
});
await runProgram(program, process.argv.slice(2));
