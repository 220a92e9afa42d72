import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "../../e2e/support/until.ts";
import { toolPath } from "./tools.ts";

/** A tool that runs until it is stopped, with a folder of its own. */
export interface RunningTool {
  readonly folder: string;
  /** Everything it said so far. */
  said(): string;
  stop(): Promise<void>;
}

export interface ToolStart {
  readonly name: Parameters<typeof toolPath>[0];
  /** Writes what the tool reads into its folder and gives its arguments. */
  readonly argsIn: (folder: string) => Promise<readonly string[]>;
  readonly isReady: () => Promise<boolean>;
}

const READY_WITHIN_MS = 60_000;

/** Starts a tool and resolves when it is ready. */
export async function startTool({ name, argsIn, isReady }: ToolStart): Promise<RunningTool> {
  const folder = await mkdtemp(join(tmpdir(), `botfactory-${name}-`));
  const child = spawn(toolPath(name), await argsIn(folder), { cwd: folder, stdio: ["ignore", "pipe", "pipe"] });
  const parts: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text) => parts.push(text));
  const said = () => parts.join("");
  const ended = once(child, "exit");
  await until(
    `${name} is ready`,
    async () => {
      if (child.exitCode !== null) throw new Error(`${name} ended at once:\n${said()}`);
      return isReady().catch(() => false);
    },
    READY_WITHIN_MS,
  ).catch((error: unknown) => {
    child.kill("SIGKILL");
    throw error;
  });
  return {
    folder,
    said,
    async stop() {
      child.kill("SIGTERM");
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
