import { once } from "node:events";
import { createConnection, createServer, type Socket } from "node:net";
import { portOf } from "./port-of.ts";

/** A way to one server that can be cut. */
export interface TcpProxy {
  readonly port: number;
  /** Resets every connection and refuses new ones for `ms` (0: they may come back at once). */
  cut(ms: number): void;
  close(): Promise<void>;
}

export async function tcpProxy(targetPort: number): Promise<TcpProxy> {
  const open = new Set<Socket>();
  let refusedUntil = 0;
  const server = createServer((near) => {
    if (Date.now() < refusedUntil) return void near.resetAndDestroy();
    const far = createConnection(targetPort, "127.0.0.1");
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(socket);
      socket.setNoDelay(true).pipe(other);
      socket.on("error", () => other.destroy());
      socket.on("close", () => {
        open.delete(socket);
        other.destroy();
      });
    }
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const reset = () => {
    for (const socket of open) socket.resetAndDestroy();
  };
  return {
    port: portOf(server),
    cut(ms) {
      refusedUntil = Date.now() + ms;
      reset();
    },
    async close() {
      const closed = once(server, "close");
      server.close();
      reset();
      await closed;
    },
  };
}
