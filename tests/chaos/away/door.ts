import { once } from "node:events";
import { createConnection, createServer, type Socket } from "node:net";
import { portOf } from "../port-of.ts";

/** A way to one server. Shut, it resets who is inside and refuses who knocks, as a machine does whose server is down. */
export interface Door {
  readonly port: number;
  shut(): Promise<void>;
  open(): Promise<void>;
}

export async function door(targetPort: number): Promise<Door> {
  const inside = new Set<Socket>();
  const server = createServer((near) => {
    const far = createConnection(targetPort, "127.0.0.1");
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      inside.add(socket);
      socket.setNoDelay(true).pipe(other);
      socket.on("error", () => other.destroy());
      socket.on("close", () => {
        inside.delete(socket);
        other.destroy();
      });
    }
  });
  const listen = async (port: number) => {
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
  };
  await listen(0);
  const port = portOf(server);
  return {
    port,
    open: () => listen(port),
    async shut() {
      const closed = once(server, "close");
      server.close();
      for (const socket of inside) socket.resetAndDestroy();
      await closed;
    },
  };
}
