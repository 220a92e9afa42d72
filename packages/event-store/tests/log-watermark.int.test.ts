import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "@jest/globals";
import mongoose from "mongoose";
import type { NatsConnection } from "nats";
import {
  acceptRollback,
  ensureStream,
  foldInto,
  jetStreamEventStore,
  type LogWatermark,
  logWatermark,
  type Projection,
  projection,
} from "../src/index.ts";
import { type ClaimEvent, claimCodec, claimed } from "./claims.ts";
import { expectEventually } from "./eventually.ts";
import { ownNats } from "./own-nats.ts";

let nats: NatsConnection;
let stopNats: () => Promise<void>;
let connection: mongoose.Connection;
let database: mongoose.mongo.Db;
let watching: LogWatermark[] = [];
let projections: Projection[] = [];

beforeAll(async () => {
  ({ nats, stop: stopNats } = await ownNats());
  connection = await mongoose.createConnection(process.env["MONGODB_URL"] ?? "").asPromise();
  database = connection.getClient().db(`t${randomUUID().slice(0, 8)}`);
});
afterEach(async () => {
  await Promise.all([...projections, ...watching].map((one) => one.stop()));
  watching = [];
  projections = [];
});
afterAll(async () => {
  await database.dropDatabase();
  await connection.close();
  await stopNats();
});

let streams = 0;
async function log() {
  const stream = `MARKED${++streams}`;
  const subject = `marked${streams}.a`;
  const declaration = { name: stream, subjects: [`marked${streams}.*`] };
  await ensureStream(nats, declaration);
  const { streams: manager } = await nats.jetstreamManager();
  const problems: unknown[] = [];
  const watch = (where = database) => {
    const one = logWatermark({ nats, stream, database: where, everyMs: 100, onProblem: (it) => problems.push(it) });
    watching.push(one);
    return one;
  };
  const storeOf = (watermark: LogWatermark) => jetStreamEventStore(nats, { stream, ...watermark });
  const write = async (count: number, at = subject) => {
    const store = jetStreamEventStore(nats, { stream });
    const expectedSequence = (await store.read(at, claimCodec)).at(-1)?.sequence ?? 0;
    await store.append([
      { subject: at, expectedSequence, events: Array.from({ length: count }, () => claimCodec.encode(claimed("b"))) },
    ]);
  };
  const kept = () => database.collection<{ _id: string; sequence: number }>("log_watermarks").findOne({ _id: stream });
  const keptAt = (sequence: number) => expectEventually(async () => expect((await kept())?.sequence).toBe(sequence));
  /** As after a restore of a backup in which there were `count` events. */
  const restore = async (count: number) => {
    await manager.delete(stream);
    await ensureStream(nats, declaration);
    if (count > 0) await write(count);
  };
  return { stream, subject, manager, watch, storeOf, write, kept, keptAt, restore, problems };
}

const refused = (reason: string) => ({ code: "log_damaged", damage: expect.objectContaining({ reason }) });

describe("the watermark of a stream", () => {
  it("follows the stream, and nothing is refused", async () => {
    const { watch, write, keptAt, problems, storeOf, subject } = await log();
    const watermark = watch();
    await write(3);
    await keptAt(3);
    await write(2);
    await keptAt(5);
    expect(await storeOf(watermark).read(subject, claimCodec)).toHaveLength(5);
    expect(watermark.damage()).toBeUndefined();
    expect(problems).toEqual([]);
  });

  it("is not disturbed by appends that were refused, repeated or given up", async () => {
    const { stream, subject, watch, storeOf, keptAt } = await log();
    const store = storeOf(watch());
    const event = () => claimCodec.encode(claimed("b"));
    const first = { subject, expectedSequence: 0, events: [event(), event()] };
    await store.append([first]);
    await store.append([first]);
    await expect(store.append([{ subject, expectedSequence: 1, events: [event(), event()] }])).rejects.toThrow();
    await expect(store.append([{ subject, expectedSequence: 0, events: [event()] }])).rejects.toThrow();
    await keptAt(2);
    const { state } = await (await nats.jetstreamManager()).streams.info(stream);
    expect([state.messages, state.last_seq]).toEqual([2, 2]);
  });
});

describe("a stream that is not the one it was", () => {
  it.each([
    ["shorter", 2, "rolled-back"],
    ["empty", 0, "rolled-back"],
    ["as long, of other events", 5, "replaced"],
    ["longer, of other events", 7, "replaced"],
  ])("is refused by a process that starts: %s", async (_, length, reason) => {
    const { watch, write, keptAt, restore, storeOf, subject } = await log();
    watch();
    await write(5);
    await keptAt(5);
    await watching.pop()?.stop();
    await restore(length);
    const watermark = watch();
    const store = storeOf(watermark);
    await expect(store.read(subject, claimCodec)).rejects.toMatchObject(refused(reason));
    await expect(store.append([])).rejects.toMatchObject(refused(reason));
    expect(watermark.damage()).toMatchObject({ reason, sequence: 5 });
  });

  it("is refused by a process that runs, within a look or two", async () => {
    const { watch, write, keptAt, restore, storeOf, subject, problems } = await log();
    const watermark = watch();
    await write(5);
    await keptAt(5);
    await restore(4);
    await expectEventually(async () => expect(watermark.damage()).toMatchObject({ reason: "rolled-back" }));
    await expect(storeOf(watermark).read(subject, claimCodec)).rejects.toMatchObject(refused("rolled-back"));
    expect(problems).toEqual([expect.objectContaining(refused("rolled-back"))]);
  });

  it("is refused when it has holes, wherever they are", async () => {
    const { stream, manager, watch, write } = await log();
    await write(5);
    await manager.deleteMessage(stream, 2);
    const watermark = watch();
    await expect(watermark.refuseDamage()).rejects.toMatchObject(refused("holes"));
  });

  it("is served while MongoDB cannot be asked, with one warning, and refused when it can", async () => {
    const { watch, write, keptAt, restore, storeOf, subject, problems } = await log();
    watch();
    await write(5);
    await keptAt(5);
    await watching.pop()?.stop();
    await restore(3);
    const away = await mongoose.createConnection(process.env["MONGODB_URL"] ?? "").asPromise();
    const database = away.getClient().db("away");
    await away.close();
    expect(await storeOf(watch(database)).read(subject, claimCodec)).toHaveLength(3);
    expect(problems).toHaveLength(1);
    await expect(watch().refuseDamage()).rejects.toMatchObject(refused("rolled-back"));
  });
});

describe("the documents of a stream that lost its end", () => {
  it("stay as they are until the log is accepted, then they are those of the log as it is", async () => {
    const { stream, watch, write, keptAt, restore } = await log();
    const target = foldInto<{ seen: number }, ClaimEvent>({
      database,
      collection: stream,
      ids: ({ subject }) => [subject],
      evolve: (document = { seen: 0 }) => ({ seen: document.seen + 1 }),
    });
    const project = (refuseDamage: LogWatermark["refuseDamage"]) => {
      const subject = `${stream.toLowerCase()}.*`;
      const one = projection({
        name: stream,
        nats,
        stream,
        subject,
        codec: claimCodec,
        database,
        target,
        refuseDamage,
      });
      projections.push(one);
      return one;
    };
    const seen = async () => (await database.collection(stream).findOne())?.["seen"];
    const running = project(watch().refuseDamage);
    await write(5);
    await keptAt(5);
    expect(await running.caughtUpTo(5)).toBe(true);
    await restore(2);
    const later = watch();
    const waiting = project(later.refuseDamage);
    expect(await waiting.caughtUpTo(1, 1_000)).toBe(false);
    expect(await seen()).toBe(5);
    await acceptRollback(nats, database, stream);
    project(watch().refuseDamage);
    await expectEventually(async () => expect(await seen()).toBe(2));
  });
});

describe("an operator who accepts the log as it is", () => {
  it("opens it for processes that start, while those that ran before ask to be started again", async () => {
    const { stream, watch, write, keptAt, restore, storeOf, subject, kept } = await log();
    const before = watch();
    await write(5);
    await keptAt(5);
    await restore(2);
    await database.collection("snapshots").insertOne({ revision: 5 });
    await expectEventually(async () => expect(before.damage()).toMatchObject({ reason: "rolled-back" }));
    const accepted = await acceptRollback(nats, database, stream);
    expect(accepted).toMatchObject({ now: { sequence: 2, missing: 0 }, before: { sequence: 5 } });
    expect(await database.collection("snapshots").countDocuments()).toBe(0);
    await expectEventually(async () => expect(before.damage()).toMatchObject({ reason: "restored" }));
    const after = watch();
    expect(await storeOf(after).read(subject, claimCodec)).toHaveLength(2);
    await write(1);
    await keptAt(3);
    expect(await kept()).toMatchObject({ accepted: { sequence: 5 } });
  });

  it("accepts holes once, not those that come later", async () => {
    const { stream, manager, watch, write } = await log();
    await write(5);
    await manager.deleteMessage(stream, 2);
    await acceptRollback(nats, database, stream);
    await watch().refuseDamage();
    await manager.deleteMessage(stream, 4);
    await expect(watch().refuseDamage()).rejects.toMatchObject(refused("holes"));
  });

  it("opens a log whose last event is lost, and it goes on from there", async () => {
    const { stream, manager, watch, write, keptAt } = await log();
    await write(5);
    await manager.deleteMessage(stream, 5);
    await acceptRollback(nats, database, stream);
    const watermark = watch();
    await watermark.refuseDamage();
    await write(1, `${stream.toLowerCase()}.b`);
    await keptAt(6);
    expect(watermark.damage()).toBeUndefined();
  });
});
