import { once } from "node:events";
import { createServer } from "node:net";
import { portOf } from "../port-of.ts";
import { relayTo } from "../relay.ts";

/** A way to one server. Shut, it resets who is inside and refuses who knocks, as a machine does whose server is down. */
export interface Door {
  readonly port: number;
  shut(): Promise<void>;
  open(): Promise<void>;
}

export async function door(targetPort: number): Promise<Door> {
  const relay = relayTo(targetPort);
  const server = createServer(relay.pass);
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
      relay.reset();
      await closed;
    },
  };
}
