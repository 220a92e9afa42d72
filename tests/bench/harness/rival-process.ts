import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { boundToParent } from "@botfactory/infrastructure";
import { z } from "zod";
import { REPOSITORY } from "../../setup/repository.ts";

/** A rival as a process of its own, run from what `tsc -b tests/bench/rivals` built. */
export interface RivalProcess {
  readonly pid: number;
  readonly port: number;
  /** Sends a line of JSON and resolves with the answered one; for the rivals that measure themselves. */
  ask(line: unknown): Promise<unknown>;
  stop(): Promise<void>;
}

const ready = z.object({ port: z.number() });

/** Starts `tests/bench/rivals/<name>.ts` and resolves when it has said where it is. */
export async function startRival(name: string, env: Readonly<Record<string, string>>): Promise<RivalProcess> {
  const program = join(REPOSITORY, "tests", "bench", "rivals", "dist", `${name}.js`);
  const child = spawn(...boundToParent(process.execPath, [program]), {
    cwd: REPOSITORY,
    env: { ...process.env, ...env, NODE_ENV: "production" },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const lines = linesOf(child, name);
  const { port } = ready.parse(await lines.next());
  return {
    pid: child.pid ?? 0,
    port,
    ask: (line) => {
      child.stdin?.write(`${JSON.stringify(line)}\n`);
      return lines.next();
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill("SIGTERM");
      await once(child, "exit");
    },
  };
}

function linesOf(child: ChildProcess, name: string): { next(): Promise<unknown> } {
  if (child.stdout === null) throw new Error(`${name} has no output`);
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  return {
    async next() {
      const { value, done } = await lines.next();
      if (done === true) throw new Error(`the rival ${name} ended`);
      return JSON.parse(value);
    },
  };
}
