import { resolve } from "node:path";
import type { Command } from "commander";
import { writeNatsKey, writeNatsUsers } from "../nats-keys.ts";
import type { Surroundings } from "../surroundings.ts";

/** Commands that make keys of NATS users; they speak with no server. */
export function addNatsCommands(program: Command, { say }: Pick<Surroundings, "say">): void {
  program
    .command("nats-users <directory>")
    .description("write a key for each NATS user and what nats-server has to know of them")
    .action((directory: string) => writeNatsUsers(resolve(directory), say));
  program
    .command("nats-key <file>")
    .description("write the seed of one new key to a file and print its public part")
    .action((file: string) => writeNatsKey(resolve(file), say));
}
