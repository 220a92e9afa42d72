import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { jetStreamEventStore } from "@botfactory/event-store";
import { freshNats, startMongodb } from "@botfactory/infrastructure";
import { Language } from "@botfactory/proto/events/v1/account";
import {
  ReplyDraftedSchema,
  ReplyKind,
  ReplySentSchema,
  TurnStartedSchema,
  TurnUpdateSchema,
} from "@botfactory/proto/events/v1/conversation";
import { create } from "@bufbuild/protobuf";
import { type Db, MongoClient } from "mongodb";
import { connect, type NatsConnection } from "nats";
import { chatLog, conversationCodec, SNAPSHOTS } from "../../../services/conversation/src/chat-log.ts";
import type { ChatEvent } from "../../../services/conversation/src/domain/conversation-state.ts";
import { declareStreams } from "../../../services/conversation/src/streams.ts";
import { until } from "../../e2e/support/until.ts";
import type { Bench } from "../harness/bench.ts";
import { figure, median, percentile, spread } from "../harness/statistics.ts";

const SIZES = [10, 1_000, 10_000];
const FULL_SIZES = [10, 1_000, 100_000];
const LOADS = 30;
const WHOLE_LOADS = 5;
const APPENDS = 200;
// The log takes a thousand events as one batch.
const TURNS_A_BATCH = 300;
const SEALED_BYTES = 300;

/** What one chat of some length costs, ms, in one round. */
interface Costs {
  readonly load: number;
  readonly whole: number;
  readonly append: number;
}

/** How a chat's cost grows with its length: a load by a process that does not know it, and an append by one that does. */
export const history: Bench = {
  name: "history",
  title: "A chat's history",
  minutes: 2,
  async run({ rounds, full, progress }) {
    const directory = await mkdtemp(join(tmpdir(), "botfactory-history-"));
    const server = await freshNats({ dataDirectory: directory });
    const database = await startMongodb({ dataDirectory: join(directory, "mongodb") });
    const nats = await connect({ servers: server.url });
    const client = await MongoClient.connect(database.url);
    const db = client.db(`history_${randomUUID().slice(0, 8)}`);
    try {
      await declareStreams(nats);
      const sizes = full ? FULL_SIZES : SIZES;
      for (const turns of sizes) {
        progress(`  writing a chat of ${turns} turns`);
        await write(nats, turns);
        await prepare(nats, db, turns);
      }
      const measured = new Map<number, Costs[]>(sizes.map((turns) => [turns, []]));
      for (let round = 1; round <= rounds; round += 1) {
        progress(`  round ${round} of ${rounds}`);
        for (const turns of sizes) measured.get(turns)?.push(await measure(nats, db, turns));
      }
      return report(measured);
    } finally {
      await db.dropDatabase();
      await client.close();
      await nats.close();
      await database.stop();
      await server.stop();
      await rm(directory, { recursive: true, force: true });
    }
  },
};

const subjectOf = (turns: number) => `conversations.bench.turns${turns}`;

function turn(number: number): ChatEvent[] {
  const turnId = `turn-${number}`;
  const [sealedText, sealedReply] = [new Uint8Array(SEALED_BYTES), new Uint8Array(SEALED_BYTES)];
  const updates = [create(TurnUpdateSchema, { updateId: `${number}`, streamSequence: BigInt(number + 1) })];
  const started = { turnId, workerId: "w", updates, sealedText, language: Language.EN };
  const drafted = { turnId, kind: ReplyKind.ANSWER, sealedText: sealedReply, model: "bench", inputTokens: 60 };
  return [
    { case: "turnStarted", value: create(TurnStartedSchema, started) },
    { case: "replyDrafted", value: create(ReplyDraftedSchema, drafted) },
    { case: "replySent", value: create(ReplySentSchema, { turnId, messageIds: ["1"] }) },
  ];
}

async function write(nats: NatsConnection, turns: number): Promise<void> {
  const store = jetStreamEventStore(nats, { stream: "CONVERSATIONS" });
  let expectedSequence = 0;
  for (let first = 0; first < turns; first += TURNS_A_BATCH) {
    const numbers = Array.from({ length: Math.min(TURNS_A_BATCH, turns - first) }, (_, index) => first + index);
    const events = numbers.flatMap(turn).map((event) => conversationCodec.encode(event));
    [expectedSequence = 0] = await store.append([{ subject: subjectOf(turns), expectedSequence, events }]);
  }
}

/** As it is after the chat's last turns: with a snapshot, if the chat is long enough for one. */
async function prepare(nats: NatsConnection, db: Db, turns: number): Promise<void> {
  await chatLog(nats, { database: db }).load(subjectOf(turns));
  if (turns < 100) return;
  const snapshots = db.collection<{ _id: string }>(SNAPSHOTS);
  await until("the snapshot is kept", async () => (await snapshots.findOne({ _id: subjectOf(turns) })) !== null);
}

async function measure(nats: NatsConnection, db: Db, turns: number): Promise<Costs> {
  const subject = subjectOf(turns);
  const load = await timed(LOADS, () => chatLog(nats, { database: db }).load(subject));
  const whole = await timed(WHOLE_LOADS, () => chatLog(nats).load(subject));
  const known = chatLog(nats);
  await known.load(subject);
  const message = { type: "RecordTestMessage", messageId: "1", sealedText: new Uint8Array(SEALED_BYTES) } as const;
  const append = await timed(turns < 100 ? 10 : APPENDS, () => known.handle(subject, message));
  return { load, whole, append };
}

/** The median time, ms. */
async function timed(times: number, run: () => Promise<unknown>): Promise<number> {
  const taken: number[] = [];
  for (let time = 0; time < times; time += 1) {
    const begun = performance.now();
    await run();
    taken.push(performance.now() - begun);
  }
  return percentile(taken, 0.5);
}

function report(measured: ReadonlyMap<number, readonly Costs[]>) {
  const rows = [...measured].map(([turns, costs]) => [
    figure(turns),
    spread(costs.map(({ load }) => load)),
    spread(costs.map(({ whole }) => whole)),
    spread(costs.map(({ append }) => append)),
  ]);
  const all = [...measured.values()];
  const ratio = (of: keyof Costs) =>
    median((all.at(-1) ?? []).map((large, round) => large[of] / (all[0]?.[round]?.[of] ?? Number.NaN)));
  const goal = (of: keyof Costs, text: string) => ({
    id: "G11",
    goal: text,
    measured: figure(ratio(of)),
    met: ratio(of) <= 2,
  });
  return {
    tables: [
      {
        title: "One chat, by its length; medians in ms",
        columns: ["turns", "load with a snapshot", "load of all events", "append"],
        rows,
        note: "Three events a turn. A load is by a process that does not know the chat; an append by one that does.",
      },
    ],
    goals: [
      goal("append", "append at the longest <= 2 x at 10 turns"),
      goal("load", "load with snapshot at the longest <= 2 x at 10 turns"),
    ],
  };
}
