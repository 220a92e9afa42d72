import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "@jest/globals";
import { type Collection, MongoClient } from "mongodb";
import { type Started, startMongodb } from "../src/index.ts";
import { serves } from "./serves.ts";

const MINUTE = 60_000;

/** A database server of this file's own although the run shares one. */
async function ownMongodb(dataDirectory?: string): Promise<Started> {
  const { MONGODB_URL: shared } = process.env;
  delete process.env["MONGODB_URL"];
  try {
    return await startMongodb(dataDirectory === undefined ? {} : { dataDirectory });
  } finally {
    if (shared !== undefined) process.env["MONGODB_URL"] = shared;
  }
}

describe("the database the run shares", () => {
  const client = new MongoClient(process.env["MONGODB_URL"] ?? "");
  let counters: Collection<{ _id: string; n: number }>;
  beforeEach(() => {
    counters = client.db(`test-${randomUUID()}`).collection("counters");
  });
  afterEach(async () => {
    await client.db(counters.dbName).dropDatabase();
  });
  afterAll(() => client.close());

  it("loses none of 50 concurrent increments", async () => {
    const increment = () => counters.updateOne({ _id: "a" }, { $inc: { n: 1 } }, { upsert: true });
    await increment();
    await Promise.all(Array.from({ length: 49 }, increment));
    expect((await counters.findOne({ _id: "a" }))?.n).toBe(50);
  });

  it("lets one of 20 racing claims win", async () => {
    await counters.insertOne({ _id: "claim", n: 0 });
    const claims = Array.from({ length: 20 }, () => counters.updateOne({ _id: "claim", n: 0 }, { $set: { n: 1 } }));
    const won = (await Promise.all(claims)).filter(({ modifiedCount }) => modifiedCount === 1);
    expect(won).toHaveLength(1);
  });

  it("refuses a second document for a unique key", async () => {
    await counters.createIndex({ n: 1 }, { unique: true });
    await counters.insertOne({ _id: "a", n: 1 });
    await expect(counters.insertOne({ _id: "b", n: 1 })).rejects.toMatchObject({ code: 11000 });
  });
});

describe("a database server of one's own", () => {
  let data: string;
  beforeAll(async () => {
    data = await mkdtemp(join(tmpdir(), "botfactory-test-mongodb-"));
  });
  afterAll(() => rm(data, { recursive: true, force: true }));

  it(
    "keeps its documents over a restart, and is gone after its stop",
    async () => {
      for (const expected of [1, 2]) {
        const server = await ownMongodb(data);
        const client = new MongoClient(server.url);
        const visits = client.db("kept").collection<{ _id: string; n: number }>("visits");
        await visits.updateOne({ _id: "all" }, { $inc: { n: 1 } }, { upsert: true });
        expect((await visits.findOne({ _id: "all" }))?.n).toBe(expected);
        await client.close();
        await server.stop();
        expect(await serves(server)).toBe(false);
      }
    },
    2 * MINUTE,
  );
});
