import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lives } from "./program.ts";

/** A directory for a server's files: the given one, which is kept, or a temporary one, which `release` removes. */
export async function runDirectory(keep: string | undefined, part: string) {
  if (keep !== undefined) {
    await mkdir(keep, { recursive: true });
    return { path: keep, release: () => Promise.resolve() };
  }
  const path = await temporaryDirectory(part);
  return { path, release: () => rm(path, { recursive: true, force: true }) };
}

/** A temporary directory that bears this process's id; those of processes that were killed are removed first. */
export async function temporaryDirectory(part: string): Promise<string> {
  for (const entry of await readdir(tmpdir())) {
    const owner = /^bf-run-(\d+)-/.exec(entry)?.[1];
    if (owner !== undefined && !lives(Number(owner))) await rm(join(tmpdir(), entry), { recursive: true, force: true });
  }
  return mkdtemp(join(tmpdir(), `bf-run-${process.pid}-${part}-`));
}
