import type { Command } from "commander";
import { addBackupCommands } from "./commands/backup.ts";
import { addInspectionCommands } from "./commands/inspection.ts";
import { addNatsCommands } from "./commands/nats.ts";
import { addRepairCommands } from "./commands/repair.ts";
import type { Surroundings } from "./surroundings.ts";

/** Adds every command that works on a running product from outside, through NATS, MongoDB and HTTP alone. */
export function addOperatorCommands(program: Command, surroundings: Surroundings): Command {
  addInspectionCommands(program, surroundings);
  addBackupCommands(program, surroundings);
  addRepairCommands(program, surroundings);
  addNatsCommands(program, surroundings);
  return program;
}
