import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freshNats, lastingPlace, type StartedNats } from "@botfactory/infrastructure";
import { connect, type NatsConnection } from "nats";
import type { Bench } from "../harness/bench.ts";
import { memory } from "../harness/process-tree.ts";
import { figure, percentile } from "../harness/statistics.ts";
import { declareBenchStream } from "../harness/streams.ts";

const SIZES = [10_000, 100_000];
const FULL = 1_000_000;
const IN_FLIGHT = 500;
const BOTS = 1_000;
const READS = 1_000;
// An event of a chat, sealed.
const PAYLOAD = Buffer.alloc(700, 7);

interface AtSize {
  readonly subjects: number;
  readonly publishedASecond: number;
  readonly rss: number;
  readonly readP50: number;
  readonly readP99: number;
  readonly restartMs: number;
  readonly rssAfterRestart: number;
}

/** What the log's server needs for a stream of many subjects: one chat is one subject. */
export const subjects: Bench = {
  name: "subjects",
  title: "Many subjects in one stream",
  minutes: 1,
  async run({ full, progress }) {
    const measured: AtSize[] = [];
    for (const size of full ? [...SIZES, FULL] : SIZES) {
      progress(`  ${size} subjects`);
      measured.push(await measure(size));
    }
    return {
      tables: [
        {
          title: "One event in each of so many chats of 1,000 bots, one server",
          columns: [
            "subjects",
            "published/s",
            "RSS, MiB",
            "read one, p50 / p99 ms",
            "restart, ms",
            "RSS after it, MiB",
          ],
          rows: measured.map((at) => [
            at.subjects.toLocaleString("en-US"),
            figure(at.publishedASecond),
            figure(at.rss),
            `${figure(at.readP50)} / ${figure(at.readP99)}`,
            figure(at.restartMs),
            figure(at.rssAfterRestart),
          ]),
          note: "Without syncing each write, which is measured elsewhere. A read is of the last event of a chat chosen by chance.",
        },
      ],
    };
  },
};

async function measure(size: number): Promise<AtSize> {
  const directory = await mkdtemp(join(tmpdir(), "botfactory-bench-"));
  const place = { ...(await lastingPlace(join(directory, "nats"))), sync: "2m" as const };
  let server = await freshNats(place);
  try {
    const filled = await withConnection(server, (nats) => fill(nats, size));
    const read = await withConnection(server, (nats) => readSome(nats, size));
    const { rss } = await memory([pidOf(server)]);
    await server.stop();
    const begun = performance.now();
    server = await freshNats(place);
    const restartMs = await withConnection(server, async (nats) => {
      await nats.jetstreamManager().then(({ streams }) => streams.info("BENCH"));
      return performance.now() - begun;
    });
    const { rss: rssAfterRestart } = await memory([pidOf(server)]);
    return { subjects: size, publishedASecond: filled, rss, ...read, restartMs, rssAfterRestart };
  } finally {
    await server.stop();
    await rm(directory, { recursive: true, force: true });
  }
}

function pidOf({ pid }: StartedNats): number {
  if (pid === undefined) throw new Error("this bench needs a NATS server of its own: leave NATS_URL empty");
  return pid;
}

async function withConnection<Result>(
  { url }: StartedNats,
  work: (nats: NatsConnection) => Promise<Result>,
): Promise<Result> {
  const nats = await connect({ servers: url });
  try {
    return await work(nats);
  } finally {
    await nats.close();
  }
}

const subjectOf = (chat: number) => `bench.bot${chat % BOTS}.chat${chat}`;

async function fill(nats: NatsConnection, size: number): Promise<number> {
  await declareBenchStream(nats);
  const log = nats.jetstream();
  const begun = performance.now();
  let next = 0;
  const publishAll = async () => {
    for (let chat = next++; chat < size; chat = next++) await log.publish(subjectOf(chat), PAYLOAD);
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, publishAll));
  return (size * 1_000) / (performance.now() - begun);
}

async function readSome(nats: NatsConnection, size: number) {
  const { streams } = await nats.jetstreamManager();
  const times: number[] = [];
  for (let read = 0; read < READS; read += 1) {
    const from = performance.now();
    await streams.getMessage("BENCH", { last_by_subj: subjectOf(Math.floor(Math.random() * size)) });
    times.push(performance.now() - from);
  }
  return { readP50: percentile(times, 0.5), readP99: percentile(times, 0.99) };
}
