import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { readManifest } from "./manifest.ts";

const GIB = 1024 ** 3;

/** `botfactory backups <directory>`: what can be restored of what is there, the newest last, and what cannot. */
export async function listBackups(directory: string): Promise<string[]> {
  const names = (await readdir(directory, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  return Promise.all(
    names
      .map(({ name }) => name)
      .sort()
      .map((name) => lineOf(join(directory, name))),
  );
}

async function lineOf(backup: string): Promise<string> {
  const manifest = await readManifest(backup).catch(() => undefined);
  if (manifest === undefined) return `${backup}  no whole backup`;
  const { madeAt, streams } = manifest;
  const messages = streams.reduce((sum, { state }) => sum + state.messages, 0);
  const bytes = streams.reduce((sum, { state }) => sum + state.bytes, 0);
  return `${backup}  ${madeAt}  ${streams.length} streams  ${messages} messages  ${(bytes / GIB).toFixed(2)} GiB`;
}
