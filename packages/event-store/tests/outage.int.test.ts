import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freshNats } from "@botfactory/infrastructure";
import { describe, expect, it } from "@jest/globals";
import mongoose from "mongoose";
import { connect } from "nats";
import {
  awaitStream,
  commandHandler,
  ensureBucket,
  ensureStream,
  foldInto,
  jetStreamEventStore,
  logClock,
  projection,
} from "../src/index.ts";
import { type ClaimEvent, claim, claimCodec } from "./claims.ts";

describe("while the log is away", () => {
  it("commands are refused as unavailable in seconds, and everything goes on when it is back", async () => {
    const dataDirectory = await mkdtemp(join(tmpdir(), "outage-"));
    const port = await freePort();
    let server = await freshNats({ port, dataDirectory });
    const nats = await connect({ servers: server.url, maxReconnectAttempts: -1, reconnectTimeWait: 100 });
    const connection = await mongoose.createConnection(process.env["MONGODB_URL"] ?? "").asPromise();
    const database = connection.getClient().db(`t${randomUUID().slice(0, 8)}`);
    await ensureStream(nats, { name: "CLAIMS", subjects: ["claims.*"] });
    const store = jetStreamEventStore(nats, { stream: "CLAIMS" });
    const claims = commandHandler({ store, decider: claim, codec: claimCodec });
    const target = foldInto<{ holder: string }, ClaimEvent>({
      database,
      collection: "holders",
      ids: ({ subject }) => [subject],
      evolve: (_, { event }) => ({ holder: event.value.botId }),
    });
    const options = { name: "holders", nats, stream: "CLAIMS", subject: "claims.*", codec: claimCodec };
    const holders = projection({ ...options, database, target });
    try {
      const before = await claims.handle("claims.1", { type: "claim", botId: "b1" });
      expect(await holders.caughtUpTo(before.revision, 5_000)).toBe(true);

      await server.stop();
      const started = performance.now();
      await expect(claims.handle("claims.1", { type: "release", botId: "b1" })).rejects.toMatchObject({
        kind: "unavailable",
      });
      expect(performance.now() - started).toBeLessThan(15_000);

      server = await freshNats({ port, dataDirectory });
      const after = await claims.handle("claims.2", { type: "claim", botId: "b2" });
      expect(await holders.caughtUpTo(after.revision, 15_000)).toBe(true);
      expect((await claims.load("claims.1")).state.history).toEqual(["b1"]);
    } finally {
      await holders.stop();
      await nats.close();
      await database.dropDatabase();
      await connection.close();
      await server.stop();
      await rm(dataDirectory, { recursive: true, force: true });
    }
  }, 60_000);
});

describe("a service that starts while the log is away", () => {
  it("waits, and has its streams, its bucket and the time as soon as the log is there", async () => {
    const dataDirectory = await mkdtemp(join(tmpdir(), "outage-"));
    const port = await freePort();
    let server = await freshNats({ port, dataDirectory });
    const nats = await connect({ servers: server.url, maxReconnectAttempts: -1, reconnectTimeWait: 100 });
    try {
      await server.stop();
      const [own, others] = [ensureStream(nats, { name: "OWN", subjects: ["own.*"] }), awaitStream(nats, "OWN")];
      const bucket = ensureBucket(nats, { name: "own" });
      const clock = own.then(() => logClock(nats, "OWN"));
      // Each has asked once in vain by then: a request to nobody takes five seconds.
      await expect(nats.request("nobody", "", { timeout: 6_000 })).rejects.toThrow();
      server = await freshNats({ port, dataDirectory });
      expect([(await own).config.name, (await others).config.name]).toEqual(["OWN", "OWN"]);
      expect(await (await bucket).put("key", "value")).toBe(1);
      (await clock).close();
    } finally {
      await nats.close();
      await server.stop();
      await rm(dataDirectory, { recursive: true, force: true });
    }
  }, 60_000);

  it("gives up when its own connection is closed", async () => {
    const server = await freshNats();
    const nats = await connect({ servers: server.url });
    await nats.close();
    await expect(ensureStream(nats, { name: "OWN", subjects: ["own.*"] })).rejects.toThrow("CONNECTION_CLOSED");
    await server.stop();
  });
});

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return typeof address === "object" && address !== null ? address.port : 0;
}
