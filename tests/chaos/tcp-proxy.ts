import { once } from "node:events";
import { createServer } from "node:net";
import { portOf } from "./port-of.ts";
import { relayTo } from "./relay.ts";

/** A way to one server that can be cut. */
export interface TcpProxy {
  readonly port: number;
  /** Resets every connection and refuses new ones for `ms` (0: they may come back at once). */
  cut(ms: number): void;
  close(): Promise<void>;
}

export async function tcpProxy(targetPort: number): Promise<TcpProxy> {
  const relay = relayTo(targetPort);
  let refusedUntil = 0;
  const server = createServer((near) => {
    if (Date.now() < refusedUntil) near.resetAndDestroy();
    else relay.pass(near);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: portOf(server),
    cut(ms) {
      refusedUntil = Date.now() + ms;
      relay.reset();
    },
    async close() {
      const closed = once(server, "close");
      server.close();
      relay.reset();
      await closed;
    },
  };
}
