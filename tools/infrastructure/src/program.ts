import type { ChildProcess } from "node:child_process";
import { execFile, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";

const SETPRIV = "/usr/bin/setpriv";

/** A process of ours that has said it is ready. */
export interface Running {
  readonly pid: number;
  /** The text that `ready` found in the output. */
  readonly said: string;
  stop(): Promise<void>;
}

export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Finds in all output so far what shows that the program serves. */
  readonly ready: RegExp;
  readonly withinMs: number;
  /** The signal for a clean end; SIGKILL follows after 15 seconds. */
  readonly endBy?: NodeJS.Signals;
}

/** The absolute path of a program on PATH. */
export function onPath(name: string): string | undefined {
  const folders = (process.env["PATH"] ?? "").split(delimiter);
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path));
}

/** Runs a program to its end; throws with its error output when it fails. */
export async function runToEnd(
  command: string,
  args: readonly string[],
  options: { cwd?: string; env?: NodeJS.ProcessEnv } = {},
) {
  const { stdout } = await promisify(execFile)(...boundToParent(command, args, "KILL"), {
    ...options,
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout;
}

/** Prefixed so that Linux ends the program when this process dies, even by SIGKILL; nothing is left behind. */
export function boundToParent(command: string, args: readonly string[], signal = "TERM"): [string, string[]] {
  return existsSync(SETPRIV) ? [SETPRIV, ["--pdeathsig", signal, "--", command, ...args]] : [command, [...args]];
}

const NICE = "/usr/bin/nice";

/**
 * Who gives way on one machine, where all share the cores: Telegram is to have its 200 while turns wait, and documents
 * for the console wait for both. In a cluster each part has its own request of CPU.
 */
export const NICENESS = { turns: 5, documents: 10 };

/** Prefixed so that the program gives way by so much to the others; with 0, or where there is no `nice`, as it was. */
export function givingWay(niceness: number, command: string, args: readonly string[]): [string, string[]] {
  return niceness > 0 && existsSync(NICE) ? [NICE, ["-n", `${niceness}`, command, ...args]] : [command, [...args]];
}

/** Starts a program and resolves when its output shows it ready; rejects with the output when it ends or is late. */
export async function startProgram(program: Program): Promise<Running> {
  const child = spawn(program.command, program.args, {
    cwd: program.cwd,
    env: { ...process.env, ...program.env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const pid = await pidOf(child);
  const stop = stopper(child, program.endBy ?? "SIGTERM");
  try {
    return { pid, said: await untilReady(child, program), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function pidOf(child: ChildProcess): Promise<number> {
  if (child.pid !== undefined) return child.pid;
  // Without a pid the start failed and the reason follows as an event.
  return new Promise((_, reject) => child.once("error", reject));
}

function untilReady(child: ChildProcess, { command, ready, withinMs }: Program): Promise<string> {
  let output = "";
  return new Promise((resolve, reject) => {
    const fail = (why: string) => reject(new Error(`${command} ${why}\n${output.slice(-4_000)}`));
    const late = setTimeout(() => fail(`was not ready within ${withinMs / 1000} s`), withinMs);
    const settled = (settle: () => void) => {
      clearTimeout(late);
      settle();
    };
    // The reading goes on after the start: a full pipe would stop the program.
    const read = (chunk: Buffer) => {
      output = (output + chunk.toString()).slice(-100_000);
      const found = ready.exec(output);
      if (found) settled(() => resolve(found[0]));
    };
    child.stdout?.on("data", read);
    child.stderr?.on("data", read);
    child.once("exit", (code, signal) => settled(() => fail(`ended (${signal ?? code}) before it was ready`)));
  });
}

function stopper(child: ChildProcess, signal: NodeJS.Signals): () => Promise<void> {
  return async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill(signal);
    const hard = setTimeout(() => child.kill("SIGKILL"), 15_000);
    await ended;
    clearTimeout(hard);
  };
}

/** Whether a process is there. */
export function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
