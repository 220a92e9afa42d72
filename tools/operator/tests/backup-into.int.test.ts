import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm, symlink, utimes, writeFile } from "node:fs/promises";
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

/** A whole backup of before, of a stream that is not there any more. */
async function oldBackup(place: string, name: string): Promise<void> {
  await mkdir(join(place, name));
  const madeAt = "2026-10-01T10:15:00Z";
  await writeFile(join(place, name, "backup.json"), JSON.stringify({ madeAt, server: "2.14.6", streams: [] }));
}

const backUp = (natsUrl: string) => backupInto({ natsUrl, into, retention, now, say: () => undefined });

describe("backups side by side", () => {
  it("go when their time is over, before a new one is made, for which there might be no room; never the newest", async () => {
    await oldBackup(into, "2026-10-01T10-15-00Z");
    await oldBackup(into, "2026-10-02T10-15-00Z");
    await mkdir(join(into, "kept-by-hand"));
    await expect(backUp("nats://127.0.0.1:1")).rejects.toThrow("correct NATS_URL");
    expect((await readdir(into)).sort()).toEqual(["2026-10-02T10-15-00Z", "kept-by-hand"]);
  });

  it("go also once a new one is whole", async () => {
    await backUp(server.url);
    expect((await readdir(into)).sort()).toEqual(["2026-11-22T10-15-00Z", "kept-by-hand"]);
    expect((await readdir(join(into, "2026-11-22T10-15-00Z"))).sort()).toEqual(["FACTS.tar.s2", "backup.json"]);
  });

  it("stay, with a word, where what is called whole is not", async () => {
    const said: string[] = [];
    const place = await mkdtemp(join(tmpdir(), "botfactory-backups-"));
    await oldBackup(place, "2026-10-01T10-15-00Z");
    await mkdir(join(place, "2026-10-02T10-15-00Z"));
    await writeFile(join(place, "2026-10-02T10-15-00Z", "backup.json"), "");
    const unreachable = {
      natsUrl: "nats://127.0.0.1:1",
      into: place,
      retention,
      now,
      say: (line: string) => said.push(line),
    };
    await expect(backupInto(unreachable)).rejects.toThrow("correct NATS_URL");
    expect((await readdir(place)).sort()).toEqual(["2026-10-01T10-15-00Z", "2026-10-02T10-15-00Z"]);
    expect(said).toEqual(["  2026-10-02T10-15-00Z is no whole backup: look at it, and remove it by hand"]);
    await rm(place, { recursive: true });
  });

  it("that broke off go when nobody has written to them for an hour", async () => {
    const place = await mkdtemp(join(tmpdir(), "botfactory-backups-"));
    for (const [name, minutes] of Object.entries({ "2026-11-22T08-00-00Z": 61, "2026-11-22T08-15-00Z": 59 })) {
      const file = join(place, `${name}.unfinished`, "FACTS.tar.s2");
      await mkdir(join(file, ".."));
      await writeFile(file, "some");
      const at = new Date(now().getTime() - minutes * 60_000);
      for (const path of [file, join(file, "..")]) await utimes(path, at, at);
    }
    // One of another backup, which becomes whole between two looks: its name leads nowhere.
    await symlink("gone", join(place, "2026-11-22T09-00-00Z.unfinished"));
    await backupInto({ natsUrl: server.url, into: place, retention, now, say: () => undefined });
    expect((await readdir(place)).sort()).toEqual([
      "2026-11-22T08-15-00Z.unfinished",
      "2026-11-22T09-00-00Z.unfinished",
      "2026-11-22T10-15-00Z",
    ]);
    await rm(place, { recursive: true });
  });

  it("leave nothing half done when they are asked to stop", async () => {
    const place = await mkdtemp(join(tmpdir(), "botfactory-backups-"));
    const stop = new AbortController();
    const asked = { natsUrl: server.url, into: place, retention, now, stop: stop.signal };
    // The first of two streams is taken by then.
    const nats = await connect({ servers: server.url });
    const { streams } = await nats.jetstreamManager();
    await streams.add({ name: "OTHERS", subjects: ["others"] });
    await expect(backupInto({ ...asked, say: () => stop.abort(new Error("asked to stop")) })).rejects.toThrow(
      "asked to stop",
    );
    expect(await readdir(place)).toEqual([]);
    await streams.delete("OTHERS");
    await nats.close();
    await rm(place, { recursive: true });
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

      await streams.delete("FACTS");
      await at(4);
      expect((await readdir(later)).sort()).toEqual(["2026-11-03T00-00-00Z", "2026-11-04T00-00-00Z"]);
      await streams.add({ name: "FACTS", subjects: ["facts"] });
      await nats.jetstream().publish("facts", "one");
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
