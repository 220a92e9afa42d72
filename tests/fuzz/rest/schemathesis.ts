import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { madeOnce } from "../../../tools/infrastructure/src/cache.ts";
import { onPath, runToEnd } from "../../../tools/infrastructure/src/program.ts";

const REQUIREMENTS = fileURLToPath(new URL("../requirements.txt", import.meta.url));

/** The Python that has Schemathesis, made once in the cache; fails with what is missing where it cannot be made. */
export async function schemathesisPython(): Promise<string> {
  const python = onPath("python3");
  if (python === undefined)
    throw new Error("the fuzzing of the JSON API needs python3 (3.10 or later) with venv and pip");
  const digest = createHash("sha256")
    .update(await readFile(REQUIREMENTS))
    .digest("hex")
    .slice(0, 16);
  const made = await madeOnce({
    name: `schemathesis-${digest}`,
    async make(directory) {
      await runToEnd(python, ["-m", "venv", directory]);
      const install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes"];
      await runToEnd(join(directory, "bin", "python"), [...install, "-r", REQUIREMENTS]);
    },
  });
  return join(made, "bin", "python");
}

export interface Finished {
  readonly code: number | null;
  readonly output: string;
}

/** One run of `schemathesis …` to its end, however it ends. */
export async function runSchemathesis(args: readonly string[], env: NodeJS.ProcessEnv): Promise<Finished> {
  // Started by module: the venv's own scripts name the folder it was made in.
  const child = spawn(await schemathesisPython(), ["-m", "schemathesis.cli", ...args], {
    env: { ...process.env, ...env },
    cwd: env["FUZZ_REPORTS"],
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [output, errors, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "exit")]);
  return { code: typeof code === "number" ? code : null, output: `${output}${errors}` };
}
