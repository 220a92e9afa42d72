import { once } from "node:events";
import { createConnection, createServer, type Socket } from "node:net";
import { portOf } from "./port-of.ts";
import { isReady } from "./supervisor.ts";

export interface Upstream {
  readonly port: number;
  readonly adminPort: number;
}

export interface Balancer {
  readonly url: string;
  /** From now on connections go to these in turn, past those that are not ready. */
  serve(upstreams: readonly Upstream[]): void;
  /** Whether it has noticed that this one is ready. */
  sendsTo(port: number): boolean;
  close(): Promise<void>;
}

const PROBE_EVERY_MS = 250;

/** One address before several processes, as a Kubernetes Service is: new connections only go to ready ones. */
export async function balancer(): Promise<Balancer> {
  let upstreams: readonly Upstream[] = [];
  const notReady = new Set<number>();
  const asked = new Set<number>();
  const sockets = new Set<Socket>();
  let turn = 0;

  async function probe(): Promise<void> {
    await Promise.all(
      upstreams.map(async ({ port, adminPort }) => {
        // The late answer to an older question would overrule a newer one.
        if (asked.has(port)) return;
        asked.add(port);
        if (await isReady(adminPort)) notReady.delete(port);
        else notReady.add(port);
        asked.delete(port);
      }),
    );
  }
  const timer = setInterval(() => void probe(), PROBE_EVERY_MS);

  const server = createServer((near) => {
    const ready = upstreams.filter(({ port }) => !notReady.has(port));
    const upstream = ready[turn++ % Math.max(1, ready.length)];
    if (upstream === undefined) return void near.resetAndDestroy();
    const far = createConnection(upstream.port, "127.0.0.1");
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on("close", () => sockets.delete(socket));
    }
    // A connection nobody took may go to another; what was written on it is lost with it.
    far.once("connect", () => near.pipe(far).pipe(near));
    far.on("error", () => near.resetAndDestroy()).on("close", () => near.destroy());
    near.on("error", () => far.destroy()).on("close", () => far.destroy());
  }).listen(0, "127.0.0.1");
  await once(server, "listening");

  return {
    url: `http://127.0.0.1:${portOf(server)}`,
    serve: (these) => {
      upstreams = these;
    },
    sendsTo: (port) => !notReady.has(port),
    async close() {
      clearInterval(timer);
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
