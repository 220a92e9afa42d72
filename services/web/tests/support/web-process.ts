import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const tsx = fileURLToPath(new URL("../../../../node_modules/.bin/tsx", import.meta.url));
const main = fileURLToPath(new URL("../../src/main.ts", import.meta.url));

/** The web service as a process of its own, with these variables and no others. */
export function webProcess(env: Readonly<Record<string, string>>) {
  const child = spawn(tsx, ["--conditions=@botfactory/source", main], {
    env: { PATH: process.env["PATH"] ?? "", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const output: string[] = [];
  const ended = once(child, "close");
  child.stderr.on("data", (chunk) => output.push(String(chunk)));
  const lines = createInterface({ input: child.stdout }).on("line", (line) => output.push(line));
  const ready = new Promise<{ port: number; adminPort: number }>((resolve, reject) => {
    lines.on("line", (line) => line.includes('"msg":"ready"') && resolve(JSON.parse(line)));
    child.once("exit", () => reject(new Error(output.join("\n"))));
  });
  // A test that expects the start to fail asks for the exit code instead.
  ready.catch(() => undefined);
  return {
    ready,
    output: () => output.join("\n"),
    async ended(): Promise<number | null> {
      const [code] = await ended;
      return code;
    },
    stop: () => child.kill("SIGTERM"),
  };
}
