import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { connect, StorageType } from "nats";
import { freshNats } from "../src/index.ts";
import { serves } from "./serves.ts";

const MINUTE = 60_000;
let data: string;
beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), "botfactory-test-nats-"));
});
afterAll(() => rm(data, { recursive: true, force: true }));

describe("a NATS server of the tests", () => {
  it(
    "syncs every write and is new enough for atomic batches",
    async () => {
      const nats = await freshNats();
      try {
        const answer = await fetch(`${nats.monitoring}/jsz`);
        expect(await answer.json()).toMatchObject({ config: { sync_always: true } });
        const connection = await connect({ servers: nats.url });
        const [major = 0, minor = 0] = (connection.info?.version ?? "").split(".").map(Number);
        expect(major * 1000 + minor).toBeGreaterThanOrEqual(2012);
        const streams = await (await connection.jetstreamManager()).streams;
        const stream = { name: "BATCHES", subjects: ["b.>"], storage: StorageType.File, allow_atomic: true };
        expect((await streams.add(stream)).config).toMatchObject({ allow_atomic: true });
        await connection.close();
      } finally {
        await nats.stop();
      }
    },
    MINUTE,
  );

  it(
    "keeps its messages over a restart in the same directory",
    async () => {
      const first = await freshNats({ dataDirectory: data });
      const before = await connect({ servers: first.url });
      await (await before.jetstreamManager()).streams.add({ name: "KEPT", subjects: ["kept"] });
      await before.jetstream().publish("kept", "still here");
      await before.close();
      await first.stop();
      const second = await freshNats({ dataDirectory: data });
      const after = await connect({ servers: second.url });
      const streams = (await after.jetstreamManager()).streams;
      expect((await streams.getMessage("KEPT", { seq: 1 })).string()).toBe("still here");
      await after.close();
      await second.stop();
    },
    MINUTE,
  );

  it(
    "is gone after its stop, with its process and its port",
    async () => {
      const nats = await freshNats();
      expect(await serves(nats)).toBe(true);
      await nats.stop();
      expect(await serves(nats)).toBe(false);
    },
    MINUTE,
  );

  it(
    "is another one at each call",
    async () => {
      const [one, two] = await Promise.all([freshNats(), freshNats()]);
      expect(one.url).not.toBe(two.url);
      await Promise.all([one.stop(), two.stop()]);
    },
    MINUTE,
  );
});
