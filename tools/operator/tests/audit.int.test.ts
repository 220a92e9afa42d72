import { randomUUID } from "node:crypto";
import { ensureStream, eventCodec, jetStreamEventStore, logWatermark } from "@botfactory/event-store";
import { freshNats, type Started } from "@botfactory/infrastructure";
import { AccountEventSchema, AccountOpenedSchema, Plan } from "@botfactory/proto/events/v1/account";
import { create } from "@bufbuild/protobuf";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { mongo } from "mongoose";
import { connect, type NatsConnection } from "nats";
import { acceptAsItIs } from "../src/accept-rollback.ts";
import { audit, auditReport } from "../src/audit.ts";

const codec = eventCodec(AccountEventSchema, "tests");

let server: Started;
let nats: NatsConnection;
let mongodb: mongo.MongoClient;
let mongodbUrl: string;
let said: string[] = [];

beforeAll(async () => {
  server = await freshNats();
  nats = await connect({ servers: server.url });
  const url = new URL(process.env["MONGODB_URL"] ?? "");
  url.pathname = `/t${randomUUID().slice(0, 8)}`;
  if (url.username !== "" && !url.searchParams.has("authSource")) url.searchParams.set("authSource", "admin");
  mongodbUrl = url.href;
  mongodb = await mongo.MongoClient.connect(mongodbUrl);
});
afterAll(async () => {
  await mongodb.db().dropDatabase();
  await mongodb.close();
  await nats.close();
  await server.stop();
});

const say = (line: string) => void said.push(line);
const addresses = () => ({ natsUrl: server.url, mongodbUrl, env: {}, say });
const failing = async () => {
  const { intact, streams } = await audit(addresses());
  const broken = streams.flatMap(({ invariants }) => invariants).filter(({ violations }) => violations > 0);
  return { intact, broken: broken.map(({ name }) => name) };
};

async function openAccounts(...ownerIds: readonly string[]): Promise<void> {
  await ensureStream(nats, { name: "ACCOUNTS", subjects: ["accounts.*", "telegram-bots.*"] });
  const store = jetStreamEventStore(nats, { stream: "ACCOUNTS" });
  const watermark = logWatermark({ nats, stream: "ACCOUNTS", database: mongodb.db() });
  for (const ownerId of ownerIds) {
    const value = create(AccountOpenedSchema, { plan: Plan.FREE });
    const events = [codec.encode({ case: "accountOpened", value })];
    await store.append([{ subject: `accounts.${ownerId}`, expectedSequence: 0, events }]);
  }
  await watermark.look();
  await watermark.stop();
}

describe("botfactory audit", () => {
  it("is not content with a log in which there is nothing to audit", async () => {
    expect(await failing()).toEqual({ intact: false, broken: Array(3).fill("the stream is there") });
  });

  it("finds a whole log intact and says so in a line for each invariant", async () => {
    await ensureStream(nats, { name: "QUOTAS", subjects: ["quotas.*.*"] });
    await ensureStream(nats, { name: "CONVERSATIONS", subjects: ["conversations.*.*"] });
    await openAccounts("ada", "bob", "cid");
    const found = await audit(addresses());
    expect(found).toMatchObject({
      intact: true,
      streams: [
        { stream: "ACCOUNTS", events: 3, subjects: 3, unchained: 0 },
        { stream: "QUOTAS", events: 0 },
        { stream: "CONVERSATIONS", events: 0 },
      ],
    });
    const report = auditReport(found);
    expect(report).toContain("ACCOUNTS: 3 events of 3 aggregates");
    expect(report.filter((line) => line.includes("FAIL"))).toEqual([]);
    expect(report.filter((line) => line.includes("PASS")).length).toBeGreaterThan(10);
    expect(report.at(-1)).toBe("the log is intact");
  });

  it("names the invariants that a lost event and a lost end break, and the places", async () => {
    const { streams } = await nats.jetstreamManager();
    await streams.deleteMessage("ACCOUNTS", 2);
    const found = await audit(addresses());
    expect(found.intact).toBe(false);
    expect(auditReport(found)).toContain(
      "          accounts.cid, version 1, sequence 3, 1 message(s) before it are gone",
    );
    await streams.delete("ACCOUNTS");
    await openAccounts("ada");
    expect(await failing()).toEqual({ intact: false, broken: ["the log holds its watermark"] });
  });

  it("is content with a rollback that an operator accepted", async () => {
    said = [];
    await acceptAsItIs({ ...addresses(), stream: "ACCOUNTS" });
    expect(said).toContain("ACCOUNTS was known up to event 3, with 0 missing");
    expect(said).toContain("ACCOUNTS is accepted up to event 1, with 0 missing");
    expect(await failing()).toEqual({ intact: true, broken: [] });
  });

  it("misses a stream that is gone, as a whole", async () => {
    await (await nats.jetstreamManager()).streams.delete("QUOTAS");
    const found = await audit(addresses());
    expect(found.intact).toBe(false);
    expect(auditReport(found).join("\n")).toContain(
      "QUOTAS: 0 events of 0 aggregates\n  FAIL  the stream is there (1)\n          there is no stream QUOTAS",
    );
  });
});
