import type { Command } from "commander";

/** As shells tell of a program that SIGPIPE ended. */
const PIPE_CLOSED = 141;

/** Runs the command that the words name; one that fails says why and ends with code 1. */
export async function runProgram(program: Command, words: readonly string[]): Promise<void> {
  // Whoever read its lines has enough, as `head` does.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit(PIPE_CLOSED);
  });
  try {
    await program.parseAsync([...words], { from: "user" });
  } catch (error) {
    process.stderr.write(`error: ${error instanceof Error ? error.message : error}\n`);
    process.exitCode = 1;
  }
}

/**
 * What was typed, else the words of BOTFACTORY_COMMAND, else a question for help. A Job is made from a CronJob in one line,
 * and a variable is what that line can change.
 */
export function wordsOf(args: readonly string[], { BOTFACTORY_COMMAND: command = "" }: NodeJS.ProcessEnv): string[] {
  if (args.length > 0) return [...args];
  const words = command.split(/\s+/).filter(Boolean);
  return words.length > 0 ? words : ["--help"];
}
