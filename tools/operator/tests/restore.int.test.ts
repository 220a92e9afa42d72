import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freshNats, type StartedNats } from "@botfactory/infrastructure";
import { afterAll, beforeAll, expect, it } from "@jest/globals";
import { connect } from "nats";
import { backup } from "../src/backup/backup.ts";
import { restore } from "../src/backup/restore.ts";

let scratch: string;
let directory: string;
let full: StartedNats;
let empty: StartedNats;

beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), "botfactory-restore-"));
  directory = join(scratch, "backup");
  [full, empty] = await Promise.all([freshNats({ sync: "2m" }), freshNats({ sync: "2m" })]);
  const nats = await connect({ servers: full.url });
  await (await nats.jetstreamManager()).streams.add({ name: "FACTS", subjects: ["facts"] });
  await nats.close();
  await backup({ natsUrl: full.url, directory, say: () => undefined });
});
afterAll(async () => {
  await Promise.all([full.stop(), empty.stop()]);
  await rm(scratch, { recursive: true, force: true });
});

const attempt = (natsUrl: string) =>
  restore({ natsUrl, mongodbUrl: "mongodb://127.0.0.1:1/x", directory, say: () => undefined });

it("a restore brings nothing back where MongoDB cannot be reached, so that it can be tried again", async () => {
  await expect(attempt(empty.url)).rejects.toThrow("correct MONGODB_URL");
  const nats = await connect({ servers: empty.url });
  expect(await (await nats.jetstreamManager()).streams.names().next()).toEqual([]);
  await nats.close();
});

it("a restore is refused where a stream is there", async () => {
  await expect(attempt(full.url)).rejects.toThrow("streams are there already (FACTS)");
});
