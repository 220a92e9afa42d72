import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { REPOSITORY } from "../../setup/repository.ts";

const PROGRAM = join(REPOSITORY, "tools", "cli", "dist", "main.js");

/** `botfactory <words>`, as an operator runs it; what it said. Rejects with its words when it fails. */
export async function botfactory(env: NodeJS.ProcessEnv, ...words: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, ["--enable-source-maps", PROGRAM, ...words], { env });
  return stdout;
}
