import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { fileURLToPath, pathToFileURL } from "node:url";

// As a loader: the command of that name is a process of its own, which under load ends before it has passed a signal on.
const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;

/** A program of `tests/programs` in a process of its own, as a service runs. */
export function runProgram(name: string, env: Record<string, string> = {}) {
  const file = fileURLToPath(new URL(`../programs/${name}.ts`, import.meta.url));
  const child = spawn(process.execPath, ["--import", tsx, "--conditions=@botfactory/source", file], {
    env: { PATH: process.env["PATH"] ?? "", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output: string[] = [];
  const ended = once(child, "close");
  child.stderr?.on("data", (chunk) => output.push(String(chunk)));
  const lines = createInterface({ input: child.stdout });
  lines.on("line", (line) => output.push(line));
  return {
    child,
    text: () => output.join("\n"),
    /** The first line of standard output with this text in it. */
    said: (text: string) => lineWith(lines, output, text),
    /** Exit code, or the signal that ended it. */
    async ended(): Promise<number | string> {
      const [code, signal] = await ended;
      return code ?? signal;
    },
    kill: (signal: NodeJS.Signals) => killed(child, signal),
  };
}

function killed(child: ChildProcess, signal: NodeJS.Signals): void {
  child.kill(signal);
}

async function lineWith(lines: ReturnType<typeof createInterface>, output: string[], text: string): Promise<string> {
  const found = output.find((line) => line.includes(text));
  if (found !== undefined) return found;
  return new Promise((resolve, reject) => {
    lines.on("line", (line) => line.includes(text) && resolve(line));
    lines.on("close", () => reject(new Error(`it never said ${text}:\n${output.join("\n")}`)));
  });
}
