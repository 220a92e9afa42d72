// Makes an installation's secrets at its first start, for `node --env-file`: what docker/compose.yaml runs first.
import { link, rm, writeFile } from "node:fs/promises";
import { z } from "zod";
import { newSecrets } from "../new-secrets.ts";
import { toStandardError } from "../progress.ts";

const { SECRETS_FILE: file } = z.object({ SECRETS_FILE: z.string().min(1) }).parse(process.env);
const lines = Object.entries(newSecrets()).map(([name, value]) => `${name}=${value}\n`);
// Under another name until it is whole: half a file would stay for ever.
const unfinished = `${file}.unfinished`;
await writeFile(unfinished, lines, { mode: 0o600 });
try {
  await link(unfinished, file);
  toStandardError(`new secrets in ${file}`);
} catch (error) {
  // The log that is there can be read by these alone.
  if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  toStandardError(`the secrets in ${file} stay`);
} finally {
  await rm(unfinished, { force: true });
}
