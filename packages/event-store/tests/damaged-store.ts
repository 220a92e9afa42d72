import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DomainError } from "@botfactory/decider";
import { freshNats } from "@botfactory/infrastructure";
import type mongoose from "mongoose";
import { connect, type NatsConnection, RetentionPolicy, StorageType } from "nats";
import type { Random } from "../../../tests/chaos/seeded.ts";
import {
  auditedAggregate,
  auditStream,
  type EventStore,
  jetStreamEventStore,
  LogDamaged,
  logWatermark,
} from "../src/index.ts";
import { claim, claimCodec, claimed } from "./claims.ts";
import { expectEventually } from "./eventually.ts";
import type { Fault, StoreState } from "./log-faults.ts";

const STREAM = "ROTTEN";
const SUBJECTS = 24;
const APPENDS = 400;

/** Event ids of each subject, oldest first, as they were acknowledged. */
export type Truth = ReadonlyMap<string, readonly string[]>;

export interface Stores {
  readonly truth: Truth;
  readonly directories: Readonly<Record<StoreState, string>>;
  remove(): Promise<void>;
}

/** What became of a log after a fault. */
export interface Verdict {
  /** By the watermark, by a load, by the audit. */
  readonly noticedBy: readonly ("watermark" | "load" | "audit")[];
  /** Subjects that were served as something else than what was acknowledged. */
  readonly servedWrong: readonly string[];
  /** Subjects served as they were. */
  readonly servedRight: number;
  /** Subjects that would be served as something else if MongoDB were away: a tail nobody remembers. */
  readonly wrongWithoutWatermark: number;
}

const databaseMark = (database: mongoose.mongo.Db) =>
  database.collection<{ _id: string; sequence: number }>("log_watermarks").findOne({ _id: STREAM });

/** Writes a history of three blocks or so, and keeps copies of its store: stopped, killed, and from half-way. */
export async function makeStores(database: mongoose.mongo.Db, random: Random): Promise<Stores> {
  const root = await mkdtemp(join(tmpdir(), "log-damage-"));
  const live = join(root, "live");
  const directories = { clean: join(root, "clean"), killed: join(root, "killed"), old: join(root, "old") };
  const truth = new Map<string, string[]>();
  const copyTo = (state: StoreState) => cp(live, directories[state], { recursive: true });

  const write = async (count: number) => {
    const server = await freshNats({ dataDirectory: live });
    const nats = await connect({ servers: server.url });
    await declare(nats);
    const watermark = logWatermark({ nats, stream: STREAM, database, everyMs: 50 });
    const store = jetStreamEventStore(nats, { stream: STREAM, ...watermark });
    for (let appended = 0; appended < count; appended++) await appendSome(store, truth, random);
    const { last_seq } = (await (await nats.jetstreamManager()).streams.info(STREAM)).state;
    await expectEventually(async () => {
      if ((await databaseMark(database))?.sequence !== last_seq) throw new Error("the watermark is not there yet");
    });
    await watermark.stop();
    await nats.close();
    return server;
  };

  await (await write(APPENDS / 2)).stop();
  await copyTo("old");
  const server = await write(APPENDS / 2);
  if (server.pid !== undefined) process.kill(server.pid, "SIGKILL");
  await server.stop();
  await copyTo("killed");
  await (await freshNats({ dataDirectory: live })).stop();
  await copyTo("clean");
  return { truth, directories, remove: () => rm(root, { recursive: true, force: true }) };
}

/** Like a stream of events, but of small blocks, so that a fault hits the middle as well as the end. */
async function declare(nats: NatsConnection): Promise<void> {
  const { streams } = await nats.jetstreamManager();
  const config = {
    name: STREAM,
    subjects: ["rotten.*"],
    storage: StorageType.File,
    retention: RetentionPolicy.Limits,
    max_bytes: 1_200_000,
    allow_direct: true,
    allow_atomic: true,
    deny_delete: true,
    deny_purge: true,
  };
  await streams.add(config);
}

async function appendSome(store: EventStore, truth: Map<string, string[]>, random: Random): Promise<void> {
  const subject = `rotten.${random.whole(SUBJECTS)}`;
  const expectedSequence = (await store.read(subject, claimCodec)).at(-1)?.sequence ?? 0;
  const events = Array.from({ length: 1 + random.whole(3) }, () =>
    claimCodec.encode(claimed("b".repeat(1 + random.whole(900)))),
  );
  await store.append([{ subject, expectedSequence, events }]);
  truth.set(subject, [...(truth.get(subject) ?? []), ...events.map(({ id }) => id)]);
}

/** Starts a server on a copy of the store with the fault in it, and a service that knows nothing but its watermark. */
export async function tryFault(
  fault: Fault,
  { truth, directories }: Stores,
  { database, random }: { readonly database: mongoose.mongo.Db; readonly random: Random },
): Promise<Verdict> {
  const store = await mkdtemp(join(tmpdir(), "log-fault-"));
  await cp(directories[fault.store], store, { recursive: true });
  await fault.apply(store, random);
  const server = await freshNats({ dataDirectory: store });
  const nats = await connect({ servers: server.url });
  const watermark = logWatermark({ nats, stream: STREAM, database, everyMs: 60_000 });
  try {
    const events = jetStreamEventStore(nats, { stream: STREAM, ...watermark });
    const loads = await Promise.all([...truth].map(([subject, ids]) => load(events, subject, ids)));
    const alone = jetStreamEventStore(nats, { stream: STREAM });
    const unwatched = await Promise.all([...truth].map(([subject, ids]) => load(alone, subject, ids)));
    const found = await auditStream(nats, { stream: STREAM, aggregates: { rotten } }, { database });
    const isIntact = found?.invariants.every(({ violations }) => violations === 0) ?? false;
    return {
      noticedBy: [
        ...(watermark.damage() === undefined ? [] : (["watermark"] as const)),
        ...(loads.some(({ outcome }) => outcome === "damaged") ? (["load"] as const) : []),
        ...(isIntact ? [] : (["audit"] as const)),
      ],
      servedWrong: loads.filter(({ outcome }) => outcome === "wrong").map(({ subject }) => subject),
      servedRight: loads.filter(({ outcome }) => outcome === "right").length,
      wrongWithoutWatermark: unwatched.filter(({ outcome }) => outcome === "wrong").length,
    };
  } finally {
    await watermark.stop();
    await nats.close();
    await server.stop();
    await rm(store, { recursive: true, force: true });
  }
}

const rotten = auditedAggregate({ codec: claimCodec, decider: claim, rules: {} });

async function load(store: EventStore, subject: string, ids: readonly string[]) {
  try {
    const read = (await store.read(subject, claimCodec)).map(({ id }) => id);
    return { subject, outcome: read.join() === ids.join() ? ("right" as const) : ("wrong" as const) };
  } catch (error) {
    if (error instanceof LogDamaged) return { subject, outcome: "damaged" as const };
    // Refused as well: a server that stalls on what it cannot read looks like one that is away.
    if (error instanceof DomainError && error.kind === "unavailable") return { subject, outcome: "refused" as const };
    throw error;
  }
}
