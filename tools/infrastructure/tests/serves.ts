import { once } from "node:events";
import { createConnection } from "node:net";
import type { Started } from "../src/index.ts";

/** Whether the started part still has its process and accepts connections. */
export async function serves({ url, pid }: Started): Promise<boolean> {
  return (pid === undefined || lives(pid)) && (await accepts(new URL(url)));
}

function lives(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

async function accepts({ hostname, port }: URL): Promise<boolean> {
  const socket = createConnection(Number(port), hostname);
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
