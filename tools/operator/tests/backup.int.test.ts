import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freshNats, type StartedNats } from "@botfactory/infrastructure";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { connect, type NatsConnection } from "nats";
import { snapshotStream } from "../src/backup/snapshot-stream.ts";

// More than the server sends ahead of our confirmations.
const MESSAGES = 80;
const MESSAGE_BYTES = 500_000;

let directory: string;
let server: StartedNats;
let nats: NatsConnection;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "botfactory-backup-"));
  server = await freshNats({ sync: "2m" });
  nats = await connect({ servers: server.url, maxReconnectAttempts: -1, reconnectTimeWait: 100 });
  await (await nats.jetstreamManager()).streams.add({ name: "FACTS", subjects: ["facts"] });
  for (let sent = 0; sent < MESSAGES; sent += 1) await nats.jetstream().publish("facts", randomBytes(MESSAGE_BYTES));
});
afterAll(async () => {
  await nats.close();
  await server.stop();
  await rm(directory, { recursive: true, force: true });
});

describe("a backup", () => {
  it("breaks off when the server dies in the middle of a stream", async () => {
    const { pid } = server;
    if (pid === undefined) throw new Error("needs a NATS that is a process of this machine, not a container");
    nats.subscribe("_INBOX_backup.>", {
      callback: (_error, { data }) => {
        if (data.length > MESSAGE_BYTES / 2) process.kill(pid, "SIGKILL");
      },
    });
    await expect(snapshotStream(nats, "FACTS", join(directory, "facts"))).rejects.toThrow("broke off");
  });
});
