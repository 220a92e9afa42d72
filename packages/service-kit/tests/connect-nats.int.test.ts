import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freshNats, natsAccounts, newNatsKeys } from "@botfactory/infrastructure";
import { describe, expect, it } from "@jest/globals";
import { Events, type NatsConnection } from "nats";
import { connectNats, createLogger } from "../src/index.ts";

async function next(connection: NatsConnection, event: Events): Promise<void> {
  for await (const { type } of connection.status()) if (type === event) return;
}

/** In front of a server; keeps to itself what the first who comes says. */
async function doorBefore(server: URL) {
  let came = 0;
  const door = createServer((client) => {
    const behind = connect(Number(server.port), server.hostname);
    for (const end of [client, behind]) end.on("error", () => undefined);
    behind.pipe(client);
    came += 1;
    if (came > 1) client.pipe(behind);
    else client.resume();
  });
  door.listen(0, "127.0.0.1");
  await once(door, "listening");
  return { port: (door.address() as AddressInfo).port, came: () => came, close: () => door.close() };
}

describe("a connection to NATS", () => {
  it("comes back by itself after the server was away, and tells the log", async () => {
    const dataDirectory = await mkdtemp(join(tmpdir(), "nats-"));
    const first = await freshNats({ dataDirectory });
    const lines: string[] = [];
    const logger = createLogger("bots", "info", { write: (line) => void lines.push(line) });
    const connection = await connectNats({ url: first.url, name: "bots", logger });
    const [lost, back] = [next(connection, Events.Disconnect), next(connection, Events.Reconnect)];
    await first.stop();
    await lost;
    const second = await freshNats({ dataDirectory, port: Number(new URL(first.url).port) });
    await back;
    expect(await connection.rtt()).toBeGreaterThanOrEqual(0);
    expect(lines.map((line) => JSON.parse(line).msg)).toEqual(["NATS connection lost", "NATS connection is back"]);
    await connection.drain();
    await second.stop();
    await rm(dataDirectory, { recursive: true });
  });

  it("waits for a server that starts later than the service", async () => {
    const placeholder = await freshNats();
    await placeholder.stop();
    const early = connectNats({ url: placeholder.url, name: "bots" });
    const server = await freshNats({ port: Number(new URL(placeholder.url).port) });
    const connection = await early;
    expect(connection.info?.jetstream).toBe(true);
    await connection.drain();
    await server.stop();
  });

  it("fails at once when told not to wait", async () => {
    await expect(connectNats({ url: "nats://127.0.0.1:1", name: "bots", waitOnFirstConnect: false })).rejects.toThrow();
  });

  it("is tried again soon where NATS did not hear the credentials in time", async () => {
    const directory = await mkdtemp(join(tmpdir(), "nats-"));
    const keys = newNatsKeys();
    const server = await freshNats({ accounts: natsAccounts(keys) });
    const door = await doorBefore(new URL(server.url));
    const nkey = join(directory, "bots.nk");
    await writeFile(nkey, keys.bots.seed);
    const connection = await connectNats({ url: `nats://127.0.0.1:${door.port}?nkey=${nkey}`, name: "bots" });
    expect(await connection.rtt()).toBeGreaterThanOrEqual(0);
    expect(door.came()).toBe(2);
    await connection.close();
    door.close();
    await server.stop();
    await rm(directory, { recursive: true });
    // The client's own patience is 20 s.
  }, 15_000);
});
