// Makes an installation's secrets at its first start, for `node --env-file`: what docker/compose.yaml runs first.
import { writeFile } from "node:fs/promises";
import { z } from "zod";
import { newSecrets } from "../new-secrets.ts";
import { toStandardError } from "../progress.ts";

const { SECRETS_FILE: file } = z.object({ SECRETS_FILE: z.string().min(1) }).parse(process.env);
const lines = Object.entries(newSecrets()).map(([name, value]) => `${name}=${value}\n`);
try {
  await writeFile(file, lines, { flag: "wx", mode: 0o600 });
  toStandardError(`new secrets in ${file}`);
} catch (error) {
  // The log that is there can be read by these alone.
  if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  toStandardError(`the secrets in ${file} stay`);
}
