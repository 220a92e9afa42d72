import { createConnection, type Socket } from "node:net";

/** The two ends of connections that lead to one server. */
export interface Relay {
  /** Leads who has come to the server. */
  pass(near: Socket): void;
  /** Ends all connections at once, as a machine does whose server is down. */
  reset(): void;
}

export function relayTo(targetPort: number): Relay {
  const inside = new Set<Socket>();
  return {
    pass(near) {
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
    },
    reset() {
      for (const socket of inside) socket.resetAndDestroy();
    },
  };
}
