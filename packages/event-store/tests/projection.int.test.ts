import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import mongoose from "mongoose";
import type { NatsConnection } from "nats";
import {
  type EventStore,
  ensureStream,
  foldInto,
  jetStreamEventStore,
  type Projection,
  type ProjectionTarget,
  projection,
  type Recorded,
} from "../src/index.ts";
import { type ClaimEvent, claimCodec, claimed, released } from "./claims.ts";
import { expectEventually } from "./eventually.ts";
import { ownNats } from "./own-nats.ts";

interface HolderDocument {
  readonly holder: string | null;
  readonly claims: number;
  readonly history: readonly string[];
}

let nats: NatsConnection;
let stopNats: () => Promise<void>;
let connection: mongoose.Connection;
let database: mongoose.mongo.Db;
let store: EventStore;
let stream: string;
let running: Projection[] = [];
let problems: unknown[] = [];

beforeAll(async () => {
  ({ nats, stop: stopNats } = await ownNats());
  connection = await mongoose.createConnection(process.env["MONGODB_URL"] ?? "").asPromise();
  database = connection.getClient().db(`t${randomUUID().slice(0, 8)}`);
});
afterAll(async () => {
  await database.dropDatabase();
  await connection.close();
  await stopNats();
});

let streams = 0;
beforeEach(async () => {
  stream = `S${++streams}`;
  await ensureStream(nats, { name: stream, subjects: [`bots${streams}.*`, `other${streams}.*`], announced: true });
  store = jetStreamEventStore(nats, { stream });
  problems = [];
});
afterEach(async () => {
  await Promise.all(running.map((one) => one.stop()));
  running = [];
});

function deferred() {
  let resolve: () => void = () => undefined;
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

const subjectOf = (bot: number) => `bots${streams}.${bot}`;

/** Appends events to a subject, whatever its revision; answers with the new one. */
async function write(bot: number, ...events: readonly ClaimEvent[]): Promise<number> {
  const subject = subjectOf(bot);
  const expectedSequence = (await store.read(subject, claimCodec)).at(-1)?.sequence ?? 0;
  const [revision = 0] = await store.append([
    { subject, expectedSequence, events: events.map((event) => claimCodec.encode(event)) },
  ]);
  return revision;
}

const holders = (collection = stream) =>
  foldInto<HolderDocument, ClaimEvent>({
    database,
    collection,
    ids: ({ subject }) => [subject],
    evolve: (document = { holder: null, claims: 0, history: [] }, { event }) => {
      switch (event.case) {
        case "telegramBotClaimed":
          return {
            holder: event.value.botId,
            claims: document.claims + 1,
            history: [...document.history, event.value.botId].slice(-5),
          };
        case "telegramBotReleased":
          return { ...document, holder: null };
      }
    },
  });

function start(target: ProjectionTarget<ClaimEvent> = holders(), name = stream): Projection {
  const one = projection({
    name,
    nats,
    stream,
    subject: `bots${streams}.*`,
    codec: claimCodec,
    database,
    target,
    onProblem: (problem) => problems.push(problem),
  });
  running.push(one);
  return one;
}

const documents = async (collection = stream) =>
  JSON.stringify(await database.collection(collection).find().sort({ _id: 1 }).toArray());
const checkpoints = () => database.collection<{ _id: string; sequence: number; eventId: string }>("checkpoints");

/** A little history over ten bots; answers with the last sequence. */
async function history(): Promise<number> {
  let last = 0;
  for (let round = 0; round < 3; round++) {
    for (let bot = 0; bot < 10; bot++)
      last = await write(bot, claimed(`b${round}`), released(`b${round}`), claimed("z"));
  }
  return last;
}

describe("a projection", () => {
  it("shows a command's writer its own write", async () => {
    const one = start();
    const revision = await write(1, claimed("b1"));
    expect(await one.caughtUpTo(revision)).toBe(true);
    const document = await database.collection<HolderDocument & { _id: string }>(stream).findOne({ _id: subjectOf(1) });
    expect(document).toEqual({ _id: subjectOf(1), holder: "b1", claims: 1, history: ["b1"], sequence: revision });
    expect(problems).toEqual([]);
  });

  it("says in time when it is not there yet", async () => {
    const one = start();
    expect(await one.caughtUpTo(1, 50)).toBe(false);
  });

  it("is caught up with events that are none of its business", async () => {
    const one = start(holders(), stream);
    await write(1, claimed("b1"));
    await nats.jetstream().publish(`other${streams}.1`, "");
    expect(await one.caughtUpTo(2)).toBe(true);
  });

  it("goes on from its checkpoint in a new process, and applies nothing twice", async () => {
    const last = await history();
    await start().caughtUpTo(last);
    await running[0]?.stop();
    const seen: number[] = [];
    const target = holders();
    const watched = {
      ...target,
      apply: (batch: readonly Recorded<ClaimEvent>[]) => {
        seen.push(...batch.map(({ sequence }) => sequence));
        return target.apply(batch);
      },
    };
    const revision = await write(3, released("z"));
    expect(await start(watched).caughtUpTo(revision)).toBe(true);
    expect(seen).toEqual([revision]);
    expect((await checkpoints().findOne({ _id: stream }))?.sequence).toBe(revision);
  });

  it("gives the same documents when it is applied again from the beginning", async () => {
    const last = await history();
    await start().caughtUpTo(last);
    const live = await documents();
    await running[0]?.stop();
    await checkpoints().updateOne({ _id: stream }, { $set: { sequence: 0 } });
    await start().caughtUpTo(last);
    expect(await documents()).toBe(live);
    expect(live).toContain('"claims":6');
  });

  it("gives the same documents when it dies between a write and its checkpoint, at any event", async () => {
    await start(holders("smooth"), "smooth").caughtUpTo(await history());
    let deaths = 0;
    const target = holders();
    const dying = {
      ...target,
      apply: async (batch: readonly Recorded<ClaimEvent>[]) => {
        // Each life gets a bit further than the one before, and dies after half of what it writes.
        const half = batch.slice(0, Math.ceil(batch.length / 2));
        await target.apply(half);
        if (half.length < batch.length && ++deaths < 5) throw new Error("killed");
        await target.apply(batch);
      },
    };
    const last = (await store.read(subjectOf(9), claimCodec)).at(-1)?.sequence ?? 0;
    expect(await start(dying).caughtUpTo(last, 10_000)).toBe(true);
    expect(deaths).toBeGreaterThanOrEqual(5);
    expect(await documents()).toBe(await documents("smooth"));
    expect(problems).toContainEqual(new Error("killed"));
  });

  it("is the same from several processes at once as from one", async () => {
    for (let process = 0; process < 3; process++) start();
    const last = await history();
    for (const one of running) expect(await one.caughtUpTo(last, 10_000)).toBe(true);
    const together = await documents();
    await start(holders("alone"), "alone").caughtUpTo(last, 10_000);
    expect(together).toBe(await documents("alone"));
  });
});

describe("a projection that lags behind another process", () => {
  it("leaves alone what that one has brought in already", async () => {
    const { promise: opened, resolve: release } = deferred();
    const { promise: held, resolve: hold } = deferred();
    const seen: number[] = [];
    const target = holders();
    const lagging = start({
      ...target,
      apply: async (batch) => {
        seen.push(...batch.map(({ sequence }) => sequence));
        hold();
        await opened;
        return target.apply(batch);
      },
    });
    const first = await write(1, claimed("a"));
    await held;
    const last = await history();
    expect(await start().caughtUpTo(last)).toBe(true);
    release();
    expect(await lagging.caughtUpTo(last)).toBe(true);
    expect(seen).toEqual([first]);
  });
});

describe("rebuilding", () => {
  it("is done when everything that was in the log is in the documents again", async () => {
    const one = start();
    await one.caughtUpTo(await history(), 10_000);
    const live = await documents();
    await database.collection(stream).updateMany({}, { $set: { holder: "by hand" } });
    await one.rebuild();
    expect(await documents()).toBe(live);
    expect(one.lag()).toBe(0);
  });

  it("while others write gives what a projection that lived all the time has", async () => {
    const [one, other] = [start(), start()];
    await history();
    const writing = history();
    await one.rebuild();
    const last = await writing;
    expect(await one.caughtUpTo(last, 10_000)).toBe(true);
    expect(await other.caughtUpTo(last, 10_000)).toBe(true);
    const rebuilt = await documents();
    await start(holders("fresh"), "fresh").caughtUpTo(last, 10_000);
    expect(rebuilt).toBe(await documents("fresh"));
  });

  it("happens by itself when the collections are dropped while it runs", async () => {
    const one = start();
    const last = await history();
    await one.caughtUpTo(last, 10_000);
    const live = await documents();
    await database.collection(stream).drop();
    await checkpoints().deleteOne({ _id: stream });
    await expectEventually(async () => expect(await documents()).toBe(live));
  });

  it("happens when the log is an older one than the documents", async () => {
    const last = await history();
    await start().caughtUpTo(last, 10_000);
    await running[0]?.stop();
    await checkpoints().updateOne({ _id: stream }, { $set: { sequence: last + 100, eventId: "lost" } });
    await database.collection(stream).updateMany({}, { $set: { holder: "from the future", sequence: last + 100 } });
    expect(await start().caughtUpTo(last, 10_000)).toBe(true);
    await expectEventually(async () => expect(await documents()).not.toContain("from the future"));
    expect(String(problems[0])).toContain("not the one");
  });

  it("happens when the log has another event at the checkpoint", async () => {
    const last = await history();
    await start().caughtUpTo(last, 10_000);
    await running[0]?.stop();
    await checkpoints().updateOne({ _id: stream }, { $set: { eventId: "lost" } });
    await database.collection(stream).updateMany({}, { $set: { holder: "of another log" } });
    start();
    await expectEventually(async () => expect(await documents()).toContain('"holder":"z"'));
  });
});
