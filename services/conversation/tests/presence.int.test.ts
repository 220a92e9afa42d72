import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freshNats, type StartedNats } from "@botfactory/infrastructure";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { connect, Events, type NatsConnection } from "nats";
import { presence } from "../src/presence.ts";
import { until } from "./stage.ts";

const times = { ttlMs: 1_500, renewMs: 300 };
let dataDirectory: string;
let server: StartedNats;

const connection = () => connect({ servers: server.url, maxReconnectAttempts: -1, reconnectTimeWait: 50 });

beforeAll(async () => {
  dataDirectory = await mkdtemp(join(tmpdir(), "presence-"));
  server = await freshNats({ dataDirectory });
});
afterAll(async () => {
  await server.stop();
  await rm(dataDirectory, { recursive: true, force: true });
});

async function reconnected(nats: NatsConnection): Promise<void> {
  for await (const { type } of nats.status()) if (type === Events.Reconnect) return;
}

describe("a worker's presence", () => {
  it("lasts while it lives, longer than its key would, and ends at once when it leaves", async () => {
    const [mine, others] = [await connection(), await connection()];
    const worker = await presence(mine, { workerId: "a", ...times });
    const observer = await presence(others, { workerId: "b", ...times });
    const started = Date.now();
    await until(async () => {
      expect(await observer.isGone("a")).toBe(false);
      return Date.now() - started > 2 * times.ttlMs;
    });
    await worker.leave();
    expect(await observer.isGone("a")).toBe(true);
    await observer.leave();
    await Promise.all([mine.close(), others.close()]);
  });

  it("ends by itself after a kill, but not because the log was away: the living must first be able to say so", async () => {
    const [killed, others] = [await connection(), await connection()];
    await presence(killed, { workerId: "c", ...times });
    const observer = await presence(others, { workerId: "d", ...times });
    await killed.close();
    await until(() => observer.isGone("c"));

    const back = reconnected(others);
    await server.stop();
    server = await freshNats({ dataDirectory, port: Number(new URL(server.url).port) });
    await back;
    expect(await observer.isGone("c")).toBe(false);
    await until(() => observer.isGone("c"));
    await observer.leave();
    await others.close();
  });

  it("does not count on its own key when it could not renew it in time, and knows afterwards that it may have been missed", async () => {
    const nats = await connection();
    const worker = await presence(nats, { workerId: "e", ...times });
    const before = worker.tenure();
    await until(async () => worker.tenure() === before);
    const back = reconnected(nats);
    await server.stop();
    const stopped = Date.now();
    await until(async () => Date.now() - stopped > times.ttlMs);
    expect(worker.tenure()).toBeUndefined();
    server = await freshNats({ dataDirectory, port: Number(new URL(server.url).port) });
    await back;
    await until(async () => worker.tenure() !== undefined);
    expect(worker.tenure()).not.toBe(before);
    await worker.leave();
    await nats.close();
  });
});
