import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import mongoose from "mongoose";
import { seeded } from "../../../tests/chaos/seeded.ts";
import { makeStores, type Stores, tryFault } from "./damaged-store.ts";
import { FAULTS } from "./log-faults.ts";

/** `make chaos-log TIMES=200` tries more of them, and others with another SEED. */
const TIMES = Number(process.env["LOG_FAULTS"] ?? FAULTS.length);
const SEED = Number(process.env["SEED"] ?? 1);

let connection: mongoose.Connection;
let database: mongoose.mongo.Db;
let stores: Stores;

beforeAll(async () => {
  connection = await mongoose.createConnection(process.env["MONGODB_URL"] ?? "").asPromise();
  database = connection.getClient().db(`t${randomUUID().slice(0, 8)}`);
  stores = await makeStores(database, seeded(SEED));
}, 120_000);
afterAll(async () => {
  await stores.remove();
  await database.dropDatabase();
  await connection.close();
});

const tried: string[] = [];
afterAll(() => {
  process.stdout.write(`${tried.join("\n")}\n`);
});

const rounds = Array.from({ length: TIMES }, (_, round) => round).flatMap((round) => {
  const fault = FAULTS[round % FAULTS.length];
  return fault === undefined ? [] : [{ round, fault, title: `${round + 1}: ${fault.name} (${fault.store})` }];
});

describe("a log whose files were damaged while its server was stopped", () => {
  it.each(rounds)(
    "is noticed, or served as it was acknowledged: $title",
    async ({ round, fault, title }) => {
      const random = seeded(SEED * 1_000 + round);
      const verdict = await tryFault(fault, stores, { database, random });
      const alone = verdict.wrongWithoutWatermark;
      tried.push(
        `${title}: ${verdict.noticedBy.join(", ") || "harmless"}${alone > 0 ? `; without the watermark ${alone} wrong` : ""}`,
      );
      expect(verdict.servedWrong).toEqual([]);
      // What nobody noticed did no harm: everything is served.
      if (verdict.noticedBy.length === 0) expect(verdict.servedRight).toBe(stores.truth.size);
      // The server makes the index again by itself.
      if (!fault.name.includes("index")) expect(verdict.noticedBy).toContain("audit");
    },
    60_000,
  );
});
