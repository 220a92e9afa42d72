import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { headers, type NatsConnection, NatsError } from "nats";
import { chainHeads } from "../src/chain-heads.ts";
import { CHAIN_START, type EventStore, ensureStream, follow, jetStreamEventStore } from "../src/index.ts";
import { storedMessage } from "../src/log-state.ts";
import { chained, readChain } from "../src/read-chain.ts";
import { claimCodec, claimed } from "./claims.ts";
import { ownNats } from "./own-nats.ts";

let nats: NatsConnection;
let stop: () => Promise<void>;
beforeAll(async () => {
  ({ nats, stop } = await ownNats());
});
afterAll(() => stop());

let streams = 0;
/** A stream of its own, and the means to do to it what must never happen. */
async function log() {
  const stream = `LOG${++streams}`;
  const subject = `chain${streams}.a`;
  const other = `chain${streams}.b`;
  await ensureStream(nats, { name: stream, subjects: [`chain${streams}.*`] });
  const manager = await nats.jetstreamManager();
  const freshStore = () => jetStreamEventStore(nats, { stream });
  const write = async (store: EventStore, at: string, botId: string) => {
    const expectedSequence = (await store.read(at, claimCodec)).at(-1)?.sequence ?? 0;
    const [revision = 0] = await store.append([
      { subject: at, expectedSequence, events: [claimCodec.encode(claimed(botId))] },
    ]);
    return revision;
  };
  const raw = async (at: string, changes: { data?: Uint8Array; drop?: readonly string[]; of?: number } = {}) => {
    const from = changes.of === undefined ? undefined : await storedMessage(manager, stream, { seq: changes.of });
    const encoded = claimCodec.encode(claimed("raw"));
    const all = headers();
    for (const [name, value] of Object.entries(encoded.headers)) all.set(name, value);
    for (const name of from?.header.keys() ?? []) all.set(name, from?.header.get(name) ?? "");
    for (const name of ["Nats-Msg-Id", "Nats-Expected-Last-Subject-Sequence", ...(changes.drop ?? [])])
      all.delete(name);
    await nats.jetstream().publish(at, changes.data ?? from?.data ?? encoded.payload, { headers: all });
  };
  const remove = (sequence: number) => manager.streams.deleteMessage(stream, sequence);
  return { stream, subject, other, manager, freshStore, write, raw, remove };
}

const damaged = (reason: string, more: object = {}) => ({
  code: "log_damaged",
  kind: "unavailable",
  damage: expect.objectContaining({ reason, ...more }),
});

describe("the events of a subject", () => {
  it("carry versions from 1 without gaps, and hashes that anybody can verify", async () => {
    const { stream, subject, other, manager, freshStore, write } = await log();
    const store = freshStore();
    for (const botId of ["b1", "b2"]) await write(store, subject, botId);
    const [own = 0] = (await store.read(subject, claimCodec)).slice(-1).map(({ sequence }) => sequence);
    const encoded = () => claimCodec.encode(claimed("both"));
    await store.append([
      { subject, expectedSequence: own, events: [encoded(), encoded()] },
      { subject: other, expectedSequence: 0, events: [encoded(), encoded()] },
    ]);
    for (const at of [subject, other]) {
      const events = await freshStore().read(at, claimCodec);
      expect(events.map(({ version }) => version)).toEqual(events.map((_, index) => index + 1));
      let link = CHAIN_START;
      for (const { sequence, hash } of events) {
        const message = await storedMessage(manager, stream, { seq: sequence });
        const next = message === undefined ? "missing" : follow(link, chained(message));
        expect(next).toMatchObject({ hash, sequence });
        if (typeof next === "object") link = next;
      }
      expect(link.version).toBe(events.length);
    }
  });

  it("go on behind those another process wrote, without reading them", async () => {
    const { subject, freshStore, write } = await log();
    const revision = await write(freshStore(), subject, "b1");
    await freshStore().append([{ subject, expectedSequence: revision, events: [claimCodec.encode(claimed("b2"))] }]);
    expect((await freshStore().read(subject, claimCodec)).map(({ version }) => version)).toEqual([1, 2]);
    expect((await freshStore().read(subject, claimCodec, { after: revision })).map(({ version }) => version)).toEqual([
      2,
    ]);
  });
});

describe("events written before there was a chain", () => {
  it("are read, and the chain begins behind them with the right version", async () => {
    const { subject, freshStore, write, raw } = await log();
    await raw(subject);
    await raw(subject);
    expect((await freshStore().read(subject, claimCodec)).map(({ version }) => version)).toEqual([0, 0]);
    await write(freshStore(), subject, "b1");
    expect((await freshStore().read(subject, claimCodec)).map(({ version }) => version)).toEqual([0, 0, 3]);
    await freshStore().append([{ subject, expectedSequence: 3, events: [claimCodec.encode(claimed("b2"))] }]);
    expect((await freshStore().read(subject, claimCodec, { after: 1 })).map(({ version }) => version)).toEqual([
      0, 3, 4,
    ]);
  });

  it("are appended to by who has not read them, too", async () => {
    const { subject, freshStore, raw } = await log();
    await raw(subject);
    await raw(subject);
    await freshStore().append([{ subject, expectedSequence: 2, events: [claimCodec.encode(claimed("b1"))] }]);
    expect((await freshStore().read(subject, claimCodec)).map(({ version }) => version)).toEqual([0, 0, 3]);
  });

  it("are damage after a chained one, so that stripping headers is no way around", async () => {
    const { subject, freshStore, write, raw } = await log();
    await write(freshStore(), subject, "b1");
    await raw(subject);
    await expect(freshStore().read(subject, claimCodec)).rejects.toMatchObject(
      damaged("unchained", { subject, version: 2, sequence: 2 }),
    );
  });
});

describe("a damaged subject", () => {
  async function fiveEvents() {
    const one = await log();
    const store = one.freshStore();
    for (const botId of ["b1", "b2", "b3", "b4", "b5"]) await one.write(store, one.subject, botId);
    await one.write(store, one.other, "b6");
    return { ...one, store };
  }

  it.each([
    ["first", 1],
    ["middle", 3],
  ])("is refused when its %s event is gone, and the others are read", async (_, gone) => {
    const { subject, other, freshStore, remove, stream } = await fiveEvents();
    await remove(gone);
    await expect(freshStore().read(subject, claimCodec)).rejects.toMatchObject(
      damaged("missing", { stream, subject, version: gone, sequence: gone + 1 }),
    );
    expect(await freshStore().read(other, claimCodec)).toHaveLength(1);
  });

  it("is refused by who knows it longer than it is", async () => {
    const { subject, store, freshStore, remove } = await fiveEvents();
    await remove(5);
    await expect(store.read(subject, claimCodec, { after: 5 })).rejects.toMatchObject(
      damaged("rolled-back", { version: 5 }),
    );
    await expect(freshStore().read(subject, claimCodec, { after: 5 })).rejects.toMatchObject(damaged("rolled-back"));
  });

  it("is refused when an event's bytes are others than were written", async () => {
    const { subject, store, freshStore, raw, remove } = await fiveEvents();
    await raw(subject, { of: 5, data: claimCodec.encode(claimed("forged")).payload });
    await remove(5);
    await expect(freshStore().read(subject, claimCodec)).rejects.toMatchObject(damaged("altered", { version: 5 }));
    await expect(store.read(subject, claimCodec, { after: 5 })).rejects.toMatchObject(damaged("missing"));
  });

  it("is refused when an event is as it was written, but no event any more", async () => {
    const { subject, freshStore, write } = await log();
    const revision = await write(freshStore(), subject, "b1");
    const broken = { ...claimCodec.encode(claimed("b2")), payload: Uint8Array.of(0xff, 0xff) };
    await freshStore().append([{ subject, expectedSequence: revision, events: [broken] }]);
    await expect(freshStore().read(subject, claimCodec)).rejects.toMatchObject(damaged("undecodable", { version: 2 }));
  });
});

describe("a subject whose last event the server cannot read", () => {
  it("is not taken for one that never had an event, as the server answers", async () => {
    const { stream, subject, manager, freshStore, write } = await log();
    await write(freshStore(), subject, "b1");
    const unreadable = new NatsError("no message found", "404");
    unreadable.api_error = { code: 404, err_code: 10037, description: "no message found" };
    manager.streams.getMessage = () => Promise.reject(unreadable);
    const reading = readChain({ nats, manager, stream, heads: chainHeads() }, subject, { after: 0, upTo: 0 });
    await expect(reading).rejects.toMatchObject({ damage: { reason: "missing", version: 1, subject } });
  });
});
