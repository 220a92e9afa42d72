import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import type { NatsConnection } from "nats";
import { awaitStream, ensureStream, LogUnavailable, logClock, streamInfo } from "../src/index.ts";
import { ownNats } from "./own-nats.ts";

let nats: NatsConnection;
let stop: () => Promise<void>;
beforeAll(async () => {
  ({ nats, stop } = await ownNats());
});
afterAll(() => stop());

describe("a declared stream", () => {
  it("is created once by ten processes that start together", async () => {
    const declaration = { name: "TOGETHER", subjects: ["together.*"], appendOnly: true };
    const all = await Promise.all(Array.from({ length: 10 }, () => ensureStream(nats, declaration)));
    expect(new Set(all.map(({ created }) => created)).size).toBe(1);
  });

  it("is of files, allows direct reads and atomic batches, and nothing in it can be deleted", async () => {
    const { config } = await ensureStream(nats, { name: "FACTS", subjects: ["facts.*"], appendOnly: true });
    expect(config).toMatchObject({
      storage: "file",
      allow_direct: true,
      allow_atomic: true,
      deny_delete: true,
      deny_purge: true,
    });
    const { streams } = await nats.jetstreamManager();
    await nats.jetstream().publish("facts.1", "kept");
    await expect(streams.purge("FACTS")).rejects.toThrow();
    await expect(streams.deleteMessage("FACTS", 1)).rejects.toThrow();
  });

  it("follows its declaration when that changes, and keeps what it holds and what the operator set", async () => {
    await ensureStream(nats, { name: "GROWS", subjects: ["grows.*"], maxAgeMs: 60_000 });
    await nats.jetstream().publish("grows.1", "kept");
    const { streams } = await nats.jetstreamManager();
    await streams.update("GROWS", { max_bytes: 1_000_000 });
    const changed = { name: "GROWS", subjects: ["grows.*", "more.*"], maxAgeMs: 120_000, duplicateWindowMs: 60_000 };
    await ensureStream(nats, changed);
    const info = await streamInfo(nats, "GROWS");
    expect(info?.config).toMatchObject({
      subjects: ["grows.*", "more.*"],
      max_age: 120e9,
      duplicate_window: 60e9,
      max_bytes: 1_000_000,
    });
    expect(info?.state.messages).toBe(1);
  });

  it("loses no subject to a process of the version before", async () => {
    const before = { name: "ROLLS", subjects: ["rolls.*"] };
    await ensureStream(nats, { ...before, subjects: ["rolls.*", "new.*"] });
    await ensureStream(nats, before);
    await expect(nats.jetstream().publish("new.1", "taken")).resolves.toMatchObject({ stream: "ROLLS" });
  });

  it("of another service is waited for", async () => {
    const waiting = awaitStream(nats, "LATER");
    await ensureStream(nats, { name: "LATER", subjects: ["later.*"] });
    expect((await waiting).config.name).toBe("LATER");
  });

  it("that never comes is given up with a clear word", async () =>
    await expect(awaitStream(nats, "NEVER", 300)).rejects.toThrow(
      new LogUnavailable("stream NEVER does not exist yet"),
    ));
});

describe("the log's clock", () => {
  it("agrees with the time the log gives to messages", async () => {
    await ensureStream(nats, { name: "TIME", subjects: ["time.*"] });
    const clock = await logClock(nats, "TIME");
    const before = clock.nowUnixMs();
    const { seq } = await nats.jetstream().publish("time.1", "now");
    const after = clock.nowUnixMs();
    clock.close();
    const { time } = await (await nats.jetstreamManager()).streams.getMessage("TIME", { seq });
    expect(BigInt(time.getTime())).toBeGreaterThanOrEqual(before - 50n);
    expect(BigInt(time.getTime())).toBeLessThanOrEqual(after + 50n);
  });
});
