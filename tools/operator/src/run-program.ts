import type { Command } from "commander";

/** Runs the command that the words name; one that fails says why and ends with code 1. */
export async function runProgram(program: Command, words: readonly string[]): Promise<void> {
  try {
    await program.parseAsync([...words], { from: "user" });
  } catch (error) {
    process.stderr.write(`error: ${error instanceof Error ? error.message : error}\n`);
    process.exitCode = 1;
  }
}

/**
 * What was typed, else the words of BOTFACTORY_COMMAND: a Job is made from a CronJob in one line, and a variable is what
 * that line can change.
 */
export function wordsOf(args: readonly string[], { BOTFACTORY_COMMAND: command = "" }: NodeJS.ProcessEnv): string[] {
  const words = command.split(/\s+/).filter(Boolean);
  return args.length > 0 || words.length === 0 ? [...args] : words;
}
