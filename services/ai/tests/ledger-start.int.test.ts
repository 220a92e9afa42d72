import { ensureStream } from "@botfactory/event-store";
import { freshNats, type StartedNats } from "@botfactory/infrastructure";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { connect, type NatsConnection } from "nats";
import { ledgerStart, QUOTA_MATTERS_MS } from "../src/ledger-start.ts";
import { QUOTAS_STREAM } from "../src/ledgers.ts";

const DAY_MS = 24 * 3_600_000;
let server: StartedNats;
let nats: NatsConnection;

beforeAll(async () => {
  server = await freshNats();
  nats = await connect({ servers: server.url });
  await ensureStream(nats, QUOTAS_STREAM);
  for (const model of ["a", "b", "a"]) await nats.jetstream().publish(`quotas.p.${model}`);
});
afterAll(async () => {
  await nats.close();
  await server.stop();
});

const startAt = (now: number) =>
  ledgerStart(nats, { stream: QUOTAS_STREAM.name, now: () => now, mattersMs: QUOTA_MATTERS_MS });

describe("a new process", () => {
  it("reads a ledger from the first call that still matters", async () => {
    expect(await startAt(Date.now())("quotas.p.a")).toBe(0);
    expect(await startAt(Date.now())("quotas.p.b")).toBe(1);
  });

  it("reads but the last of a ledger whose calls are all too old", async () => {
    expect(await startAt(Date.now() + 2 * DAY_MS)("quotas.p.a")).toBe(2);
  });

  it("begins a ledger nobody has written yet", async () => {
    expect(await startAt(Date.now())("quotas.p.new")).toBe(0);
  });
});
