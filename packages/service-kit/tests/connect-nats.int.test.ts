import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freshNats } from "@botfactory/infrastructure";
import { describe, expect, it } from "@jest/globals";
import { Events, type NatsConnection } from "nats";
import { connectNats, createLogger } from "../src/index.ts";

async function next(connection: NatsConnection, event: Events): Promise<void> {
  for await (const { type } of connection.status()) if (type === event) return;
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
});
