import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import mongoose from "mongoose";
import { foldInto, together } from "../src/index.ts";
import { recordedHistory } from "../src/testing.ts";

interface Tally {
  readonly sum: number;
  readonly note?: string | undefined;
}

let connection: mongoose.Connection;
let database: mongoose.mongo.Db;
beforeAll(async () => {
  connection = await mongoose.createConnection(process.env["MONGODB_URL"] ?? "").asPromise();
  database = connection.getClient().db(`t${randomUUID().slice(0, 8)}`);
});
afterAll(async () => {
  await database.dropDatabase();
  await connection.close();
});

/** Each number goes to the documents "0" to "4"; a negative one deletes them. */
const tallies = (collection: string) =>
  foldInto<Tally, number>({
    database,
    collection,
    ids: () => ["0", "1", "2", "3", "4"],
    evolve: (document, { event }) => (event < 0 ? undefined : { sum: (document?.sum ?? 0) + event, note: undefined }),
  });

const stored = (collection: string) => database.collection(collection).find().sort({ _id: 1 }).toArray();
const numbers = Array.from({ length: 40 }, (_, index) => index);
const total = numbers.reduce((sum, number) => sum + number, 0);

describe("documents folded from events", () => {
  it("are never taken back by a process that lags behind, however the writes of several cross", async () => {
    for (let round = 0; round < 10; round++) {
      const collection = `crossing${round}`;
      const history = recordedHistory("numbers", ...numbers);
      const processes = [40, 1, 2, 3, 4].map(async (size) => {
        const target = tallies(collection);
        const far = size === 40 ? 40 : 39;
        for (let from = 0; from < far; from += size)
          await target.apply(history.slice(from, Math.min(far, from + size)));
      });
      await Promise.all(processes);
      for (const document of await stored(collection)) expect(document).toMatchObject({ sum: total, sequence: 40 });
    }
  });

  it("hold no trace of fields that are undefined", async () => {
    await tallies("plain").apply(recordedHistory("numbers", 1));
    expect((await stored("plain"))[0]).toEqual({ _id: "0", sum: 1, sequence: 1 });
  });

  it("go when the fold says so, and may come again", async () => {
    await tallies("gone").apply(recordedHistory("numbers", 1, 2, -1));
    expect(await stored("gone")).toEqual([]);
    await tallies("again").apply(recordedHistory("numbers", 1, -1, 5));
    expect((await stored("again"))[0]).toMatchObject({ sum: 5, sequence: 3 });
    const history = recordedHistory("numbers", 1, 2, -1);
    await tallies("later").apply(history.slice(0, 2));
    await tallies("later").apply(history.slice(2));
    expect(await stored("later")).toEqual([]);
  });

  it("can be of several collections behind one projection", async () => {
    const both = together(tallies("left"), tallies("right"));
    await both.apply(recordedHistory("numbers", 3));
    expect([(await stored("left")).length, (await stored("right")).length]).toEqual([5, 5]);
    await both.clear();
    expect([await stored("left"), await stored("right")]).toEqual([[], []]);
  });
});
