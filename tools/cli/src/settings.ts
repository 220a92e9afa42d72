import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type LocalSecrets, newSecrets } from "@botfactory/infrastructure";
import { z } from "zod";

const secretsSchema = z.object({
  SESSION_SECRET: z.string(),
  KEY_ENCRYPTION_KEY: z.string(),
  SERVICE_AUTH_KEY: z.string(),
});

/**
 * The secrets of this local installation: made at the first start and kept beside the data they protect, because a new
 * key-encryption key could not read the old log. The environment's values come first.
 */
export async function localSecrets(directory: string, env: NodeJS.ProcessEnv): Promise<LocalSecrets> {
  const file = join(directory, "secrets.json");
  const kept = existsSync(file) ? secretsSchema.parse(JSON.parse(await readFile(file, "utf8"))) : newSecrets();
  await mkdir(directory, { recursive: true });
  await writeFile(file, `${JSON.stringify(kept, null, 2)}\n`, { mode: 0o600 });
  const given = Object.keys(kept).flatMap((name) => (env[name] ? [[name, env[name]]] : []));
  return { ...kept, ...Object.fromEntries(given) };
}
