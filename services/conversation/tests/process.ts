import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../src/main.ts", import.meta.url));

/** A conversation service as a process of its own, so that it can be killed. */
export async function startProcess(environment: Readonly<Record<string, string>>) {
  const { NODE_OPTIONS: _, ...inherited } = process.env;
  const args = ["--conditions=@botfactory/source", "--import", "tsx", MAIN];
  const child = spawn(process.execPath, args, {
    env: { ...inherited, ...environment },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    output += chunk;
    if (output.includes('"msg":"ready"')) child.emit("ready");
  });
  await Promise.race([once(child, "ready"), once(child, "exit")]);
  if (child.exitCode !== null) throw new Error(`ended at once:\n${output}`);
  return {
    output: () => output,
    async kill(signal: "SIGKILL" | "SIGTERM") {
      const ended = once(child, "exit");
      child.kill(signal);
      await ended;
    },
  };
}
