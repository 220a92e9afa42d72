import { once } from "node:events";
import { createConnection } from "node:net";
import type { Started } from "../src/index.ts";
import { lives } from "../src/program.ts";

/** Whether the started part still has its process and accepts connections. */
export async function serves({ url, pid }: Started): Promise<boolean> {
  return (pid === undefined || lives(pid)) && (await accepts(new URL(url)));
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
