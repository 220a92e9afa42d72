import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freshNats, type StartedNats } from "@botfactory/infrastructure";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { connect } from "nats";
import { backupInto } from "../src/backup/backup-into.ts";
import { listBackups } from "../src/backup/list-backups.ts";

const now = () => new Date("2026-11-22T10:15:00Z");
const retention = { keepHours: 24, keepDays: 30 };

let into: string;
let server: StartedNats;

beforeAll(async () => {
  into = await mkdtemp(join(tmpdir(), "botfactory-backups-"));
  server = await freshNats({ sync: "2m" });
  const nats = await connect({ servers: server.url });
  await (await nats.jetstreamManager()).streams.add({ name: "FACTS", subjects: ["facts"] });
  await nats.jetstream().publish("facts", "one");
  await nats.close();
});
afterAll(async () => {
  await server.stop();
  await rm(into, { recursive: true, force: true });
});

const backUp = (natsUrl: string) => backupInto({ natsUrl, into, retention, now, say: () => undefined });

describe("backups side by side", () => {
  it("go when their time is over, once a new one is whole and not before", async () => {
    await mkdir(join(into, "2026-10-01T10-15-00Z"));
    await mkdir(join(into, "kept-by-hand"));
    await expect(backUp("nats://127.0.0.1:1")).rejects.toThrow("correct NATS_URL");
    expect((await readdir(into)).sort()).toEqual(["2026-10-01T10-15-00Z", "kept-by-hand"]);

    await backUp(server.url);
    expect((await readdir(into)).sort()).toEqual(["2026-11-22T10-15-00Z", "kept-by-hand"]);
    expect((await readdir(join(into, "2026-11-22T10-15-00Z"))).sort()).toEqual(["FACTS.tar.s2", "backup.json"]);
  });

  it("are told by name, time and size, and what is none", async () => {
    expect(await listBackups(into)).toEqual([
      expect.stringMatching(/2026-11-22T10-15-00Z {2}\d{4}-.*Z {2}1 streams {2}1 messages {2}0\.00 GiB$/),
      `${join(into, "kept-by-hand")}  no whole backup`,
    ]);
  });
});
