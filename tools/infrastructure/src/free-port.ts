import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";

// Below 32768, where Linux begins to take the near ends of outgoing connections from: none of those can come in between.
const LOWEST = 20_000;
const HIGHEST = 32_000;
const TRIES = 100;
// Nobody listens on a port yet whose program is still to start.
const given = new Set<number>();

/** A port that was free a moment ago, for programs that cannot take one themselves; another one each time. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const port = randomInt(LOWEST, HIGHEST);
    if (given.has(port)) continue;
    given.add(port);
    if (await isFree(port)) return port;
  }
  throw new Error(`no free port found between ${LOWEST} and ${HIGHEST}`);
}

/** Whether nobody listens there, on any address of this machine. */
export async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen(port);
    await once(server, "listening");
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}
