import { once } from "node:events";
import { createServer } from "node:net";

/** Where the parts listen when the port is free; people and scripts find them again after a restart. */
const USUAL = { web: 8080, ingress: 8081, simulator: 8082, gemini: 8083, keycloak: 8084, nats: 4222, mongodb: 27017 };

export type NamedPort = keyof typeof USUAL;

/** The usual port of a part if nobody has it, else a free one. */
export async function portFor(part: NamedPort): Promise<number> {
  return (await tryPort(USUAL[part])) ?? freePort();
}

/** A free port of this machine. */
export async function freePort(): Promise<number> {
  const port = await tryPort(0);
  if (port === undefined) throw new Error("this machine has no free port");
  return port;
}

async function tryPort(port: number): Promise<number | undefined> {
  const server = createServer();
  try {
    // Services listen on all addresses, so a port is free only if all addresses are.
    server.listen(port);
    await once(server, "listening");
    const address = server.address();
    return address !== null && typeof address !== "string" ? address.port : undefined;
  } catch {
    return undefined;
  } finally {
    server.close();
  }
}
