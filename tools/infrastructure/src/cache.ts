import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { lock } from "proper-lockfile";

/** Where programs that are made once are kept, outside the repository: BOTFACTORY_CACHE, else the user's cache directory. */
export function cacheDirectory(env: NodeJS.ProcessEnv = process.env): string {
  return env["BOTFACTORY_CACHE"] ?? join(env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "botfactory");
}

export interface Making {
  /** Names the result; it must change when what it is made of changes. */
  readonly name: string;
  make(directory: string): Promise<void>;
}

/**
 * The directory `name` in the cache, made when it is not there. It appears under its name only when whole, and only one
 * process makes it while others wait.
 */
export async function madeOnce({ name, make }: Making): Promise<string> {
  const cache = cacheDirectory();
  const target = join(cache, name);
  if (existsSync(target)) return target;
  await mkdir(cache, { recursive: true });
  const unlock = await lock(target, {
    realpath: false,
    stale: 20_000,
    retries: { retries: 3_600, factor: 1, minTimeout: 500, maxTimeout: 500 },
  });
  try {
    if (existsSync(target)) return target;
    await removeLeftovers(name, cache);
    const making = join(cache, `${name}.making-${process.pid}`);
    await mkdir(making);
    await make(making);
    await rename(making, target);
    return target;
  } finally {
    await unlock();
  }
}

async function removeLeftovers(name: string, cache: string): Promise<void> {
  const leftovers = (await readdir(cache)).filter((entry) => entry.startsWith(`${name}.making-`));
  for (const entry of leftovers) {
    await rm(join(cache, entry), { recursive: true, force: true });
  }
}
