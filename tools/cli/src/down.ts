import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { STACK_DIRECTORY } from "./stack-file.ts";

/** The file that holds the pid of a stack from its first moment, also before it is ready. */
export const pidFileIn = (repository: string) => join(repository, STACK_DIRECTORY, "up.pid");

/** `make down`: asks the stack to stop and returns when it is gone. */
export async function down(repository: string, say: (line: string) => void): Promise<void> {
  const pid = await runningPid(repository);
  if (pid === undefined) return say("BotFactory does not run");
  process.kill(pid, "SIGTERM");
  say("stopping");
  while (isAlive(pid)) await delay(100);
  await rm(pidFileIn(repository), { force: true });
  say("stopped");
}

/** The pid of this checkout's running stack. */
export async function runningPid(repository: string): Promise<number | undefined> {
  const text = await readFile(pidFileIn(repository), "utf8").catch(() => "");
  const pid = Number.parseInt(text, 10);
  return Number.isInteger(pid) && isAlive(pid) ? pid : undefined;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
