import { once } from "node:events";
import { type AddressInfo, createConnection, createServer, type Socket } from "node:net";

/** A TCP door in front of a server, which can be shut and opened again. */
export async function doorTo(target: { readonly host: string; readonly port: number }) {
  let isOpen = false;
  const sockets = new Set<Socket>();
  const server = createServer((inside) => {
    if (!isOpen) return void inside.destroy();
    const outside = createConnection(target);
    for (const [from, to] of [
      [inside, outside],
      [outside, inside],
    ] as const) {
      sockets.add(from);
      from.on("error", () => to.destroy()).on("close", () => sockets.delete(from));
      from.pipe(to);
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const shut = () => {
    isOpen = false;
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    open: () => {
      isOpen = true;
    },
    shut,
    close: () => {
      shut();
      server.close();
    },
  };
}
