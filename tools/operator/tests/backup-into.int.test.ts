import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { freshNats, type StartedNats } from "@botfactory/infrastructure";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { connect } from "nats";
import { backup } from "../src/backup/backup.ts";
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

  it("do not go while an older one has more of the log than the newest", async () => {
    const later = await mkdtemp(join(tmpdir(), "botfactory-backups-"));
    const said: string[] = [];
    const at = (day: number) =>
      backupInto({
        natsUrl: server.url,
        into: later,
        retention: { keepHours: 1, keepDays: 0 },
        now: () => new Date(Date.UTC(2026, 10, day)),
        say: (line) => said.push(line),
      });
    const nats = await connect({ servers: server.url });
    const { streams } = await nats.jetstreamManager();
    try {
      await at(1);
      await streams.delete("FACTS");
      await streams.add({ name: "FACTS", subjects: ["facts"] });
      await at(2);
      expect((await readdir(later)).sort()).toEqual(["2026-11-01T00-00-00Z", "2026-11-02T00-00-00Z"]);
      expect(said.join("\n")).toContain("nothing is removed: an older backup has more of FACTS than the newest");

      await nats.jetstream().publish("facts", "one");
      await at(3);
      expect(await readdir(later)).toEqual(["2026-11-03T00-00-00Z"]);
    } finally {
      await nats.close();
      await rm(later, { recursive: true, force: true });
    }
  });

  it("end at once where they cannot be written, and leave a NATS behind that nobody holds on to", async () => {
    const program = new URL("../bundle/main.js", import.meta.url).pathname;
    const ended = promisify(execFile)(process.execPath, [program, "backup", "--into", join(into, "nowhere")], {
      env: { ...process.env, NATS_URL: server.url, NODE_OPTIONS: "" },
      timeout: 20_000,
    });
    await expect(ended).rejects.toMatchObject({ code: 1, killed: false, stderr: expect.stringContaining("ENOENT") });
  }, 30_000);

  it("do not take the place of one that is there", async () => {
    const directory = join(into, "2026-11-22T10-15-00Z");
    await expect(backup({ natsUrl: server.url, directory, say: () => undefined })).rejects.toThrow("is there already");
  });

  it("are told by name, time and size, and what is none", async () => {
    expect(await listBackups(into)).toEqual([
      expect.stringMatching(/2026-11-22T10-15-00Z {2}\d{4}-.*Z {2}1 streams {2}1 messages {2}0\.00 GiB$/),
      `${join(into, "kept-by-hand")}  no whole backup`,
    ]);
  });
});
