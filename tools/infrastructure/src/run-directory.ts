import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A directory for a server's files: the given one, which is kept, or a temporary one, which `release` removes. */
export async function runDirectory(keep: string | undefined, part: string) {
  if (keep !== undefined) {
    await mkdir(keep, { recursive: true });
    return { path: keep, release: () => Promise.resolve() };
  }
  const path = await mkdtemp(join(tmpdir(), `botfactory-${part}-`));
  return { path, release: () => rm(path, { recursive: true, force: true }) };
}
