import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { mongo } from "mongoose";
import { commandHandler, type EventStore, inMemoryEventStore, mongoSnapshots, type StateCodec } from "../src/index.ts";
import { type Claim, type ClaimCommand, claim, claimCodec } from "./claims.ts";

const client = new mongo.MongoClient(urlOf(`t${randomUUID().slice(0, 8)}`));
const snapshotsOf = (database = client.db()) => database.collection<{ _id: string; revision: number }>("snapshots");
const take = (botId: string): ClaimCommand => ({ type: "claim", botId });
const giveBack = (botId: string): ClaimCommand => ({ type: "release", botId });

const codec = (version: number): StateCodec<Claim> => ({
  version,
  encode: (state) => Buffer.from(JSON.stringify(state)),
  decode: (bytes) => JSON.parse(Buffer.from(bytes).toString()),
});

let subjects = 0;
let subject: string;
beforeEach(() => {
  subject = `telegram-bots.s${++subjects}`;
});
beforeAll(() => client.connect());
afterAll(async () => {
  await client.db().dropDatabase();
  await client.close();
});

/** A handler as a fresh process has it, on a log that notes from where it is read. */
function handlerOn(store: EventStore, { version = 1, database = client.db() } = {}) {
  const readAfter: number[] = [];
  const read: EventStore["read"] = (at, events, from = {}) => {
    readAfter.push(from.after ?? 0);
    return store.read(at, events, from);
  };
  const snapshots = mongoSnapshots(database.collection("snapshots"), codec(version));
  const handler = commandHandler({
    store: { ...store, read },
    decider: claim,
    codec: claimCodec,
    snapshots,
    snapshotEvery: 4,
  });
  return { ...handler, readAfter };
}

/** A log on which a bot was claimed and released so often; resolves when a snapshot at a revision is there. */
async function history(store: EventStore, rounds: number) {
  const claims = handlerOn(store);
  for (let round = 0; round < rounds; round++) {
    await claims.handle(subject, take(`b${round}`));
    await claims.handle(subject, giveBack(`b${round}`));
  }
  return claims.handle(subject, take("last"));
}

async function snapshotAt(revision: number): Promise<void> {
  while ((await snapshotsOf().findOne({ _id: subject }))?.revision !== revision)
    await new Promise((resolve) => setTimeout(resolve, 5));
}

describe("a long history with snapshots", () => {
  it("is read from the newest one on, and comes to the same state", async () => {
    const store = inMemoryEventStore();
    const { state, revision } = await history(store, 5);
    await snapshotAt(8);
    const fresh = handlerOn(store);
    expect(await fresh.load(subject)).toEqual({ state, revision });
    expect(fresh.readAfter).toEqual([7]);
  });

  it("is read from the first event when the snapshot was made by another evolve", async () => {
    const store = inMemoryEventStore();
    const { state, revision } = await history(store, 5);
    await snapshotAt(8);
    const fresh = handlerOn(store, { version: 2 });
    expect(await fresh.load(subject)).toEqual({ state, revision });
    expect(fresh.readAfter).toEqual([0]);
  });

  it("is never served from a snapshot that is newer than a restored log, or of another log, which is dropped", async () => {
    await history(inMemoryEventStore(), 5);
    await snapshotAt(8);
    const [restored, other] = [inMemoryEventStore(), inMemoryEventStore()];
    const short = await handlerOn(restored).handle(subject, take("old"));
    expect(await handlerOn(restored).load(subject)).toEqual({ state: short.state, revision: 1 });
    while ((await snapshotsOf().findOne({ _id: subject })) !== null)
      await new Promise((resolve) => setTimeout(resolve, 5));
    await history(inMemoryEventStore(), 5);
    await snapshotAt(8);
    const plain = commandHandler({ store: other, decider: claim, codec: claimCodec });
    for (const name of ["x", "y", "z", "u", "v"]) {
      await plain.handle(subject, take(name));
      await plain.handle(subject, giveBack(name));
    }
    expect((await handlerOn(other).load(subject)).state).toEqual({
      holder: undefined,
      history: ["x", "y", "z", "u", "v"],
    });
  });

  it("is read from the log when the database is away, without waiting for it again and again", async () => {
    const away = new mongo.MongoClient("mongodb://127.0.0.1:1/away", { serverSelectionTimeoutMS: 60_000 });
    const store = inMemoryEventStore();
    const { state, revision } = await history(store, 5);
    const fresh = handlerOn(store, { database: away.db() });
    expect(await fresh.load(subject)).toEqual({ state, revision });
    await handlerOn(store, { database: away.db() }).handle(subject, giveBack("last"));
    await away.close();
  });
});

function urlOf(database: string): string {
  const url = new URL(process.env["MONGODB_URL"] ?? "");
  url.pathname = `/${database}`;
  if (url.username !== "" && !url.searchParams.has("authSource")) url.searchParams.set("authSource", "admin");
  return url.href;
}
