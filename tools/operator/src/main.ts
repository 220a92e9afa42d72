import { Command } from "commander";
import { addOperatorCommands } from "./commands.ts";
import { runProgram, wordsOf } from "./run-program.ts";

const program = new Command("botfactory").description("Looks after a BotFactory that runs: checks, backups, repairs");
addOperatorCommands(program, {
  say: (line) => process.stdout.write(`${line}\n`),
  running: () => Promise.reject(new Error("NATS_URL is not set: it must say where NATS is and who asks")),
  environment: () => Promise.resolve(process.env),
});
await runProgram(program, wordsOf(process.argv.slice(2), process.env));
