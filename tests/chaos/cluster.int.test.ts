import { jetStreamEventStore, VersionConflict } from "@botfactory/event-store";
import { type NatsCluster, startNatsCluster } from "@botfactory/infrastructure";
import { TestMessageSentSchema } from "@botfactory/proto/events/v1/conversation";
import { create } from "@bufbuild/protobuf";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { connect, headers, type NatsConnection } from "nats";
import { conversationCodec } from "../../services/conversation/src/chat-log.ts";
import { declareStreams as declareChats } from "../../services/conversation/src/streams.ts";
import { declareStreams as declareUpdates } from "../../services/ingress/src/streams.ts";
import { chatWriter } from "./cluster/chat-writer.ts";
import { killServers } from "./cluster/kills.ts";
import { livingWorker } from "./cluster/living-worker.ts";
import { updateWriter } from "./cluster/update-writer.ts";
import { judgeWriter, summed } from "./cluster/writer.ts";

const COPIES = 3;
const MINUTE = 60_000;
// The long run is `make chaos-cluster KILLS=…`.
const KILLS = Number(process.env["KILLS"] ?? 1);

let cluster: NatsCluster;
let nats: NatsConnection;
beforeAll(async () => {
  cluster = await startNatsCluster();
  nats = await connect({ servers: cluster.url.split(",") });
  await retried(() => declareChats(nats, COPIES));
  await declareUpdates(nats, COPIES);
}, MINUTE);
afterAll(async () => {
  await nats.close();
  await cluster.stop();
});

/** A cluster that has just started has no leader for some seconds. */
async function retried<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries += 1) {
    try {
      return await work();
    } catch (error) {
      if (tries === 20) throw error;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
}

const expecting = (sequence: number, id: string) => {
  const all = headers();
  all.set("Nats-Expected-Last-Subject-Sequence", `${sequence}`);
  all.set("Nats-Msg-Id", id);
  return all;
};

interface Answer {
  readonly seq?: number;
  readonly duplicate?: boolean;
  readonly error?: { readonly err_code: number };
}

async function append(subject: string, sequence: number, id: string): Promise<Answer> {
  return (await nats.request(subject, "x", { timeout: 10_000, headers: expecting(sequence, id) })).json<Answer>();
}

describe("a log on three servers", () => {
  it("keeps three copies of every stream", async () => {
    const { streams } = await nats.jetstreamManager();
    for (const name of ["CONVERSATIONS", "UPDATES", "QUARANTINE"]) {
      const { config, cluster: copies } = await streams.info(name);
      expect(config.num_replicas).toBe(COPIES);
      expect(copies?.replicas).toHaveLength(COPIES - 1);
    }
  });

  it("answers a repeated append as a duplicate, not as a conflict", async () => {
    const first = await append("conversations.b.repeat", 0, "repeat-1");
    expect(await append("conversations.b.repeat", 0, "repeat-1")).toMatchObject({ seq: first.seq, duplicate: true });
  });

  it.each([1, 3])(
    "takes a repeated append of %i events as one success, as after a lost acknowledgement",
    async (count) => {
      const store = jetStreamEventStore(nats, { stream: "CONVERSATIONS" });
      const sent = () => ({
        case: "testMessageSent" as const,
        value: create(TestMessageSentSchema, { messageId: "m", sealedText: new Uint8Array(8) }),
      });
      const events = Array.from({ length: count }, () => conversationCodec.encode(sent()));
      const once = { subject: `conversations.b.again${count}`, expectedSequence: 0, events };
      const revisions = await store.append([once]);
      expect(await store.append([once])).toEqual(revisions);
      const other = { ...once, events: [conversationCodec.encode(sent())] };
      await expect(store.append([other])).rejects.toThrow(VersionConflict);
      expect(await store.read(once.subject, conversationCodec)).toHaveLength(count);
    },
  );

  it("lets one of 200 racing appends win, and names the losers by one of the codes the event store knows", async () => {
    const race = Array.from({ length: 200 }, (_, index) => append("conversations.b.race", 0, `race-${index}`));
    const answers = await Promise.all(race);
    expect(answers.filter(({ error }) => error === undefined)).toHaveLength(1);
    const codes = new Set(answers.flatMap(({ error }) => (error === undefined ? [] : [error.err_code])));
    for (const code of codes) expect([10071, 10164]).toContain(code);
  });

  it(
    "loses nothing acknowledged, stores nothing twice, keeps the order and calls no living worker gone while servers are killed",
    async () => {
      const chat = (subject: string, name: string) => chatWriter(cluster.url, subject, name);
      const writers = await Promise.all([
        ...["one", "two", "three"].flatMap((subject) => [
          chat(`conversations.b.${subject}`, `${subject}-a`),
          chat(`conversations.b.${subject}`, `${subject}-b`),
        ]),
        ...["p", "q", "r"].map((bot) => updateWriter(cluster.url, bot)),
      ]);
      const living = await livingWorker(cluster.url, COPIES);
      const stopping = new AbortController();
      const watching = living.watch(stopping.signal);
      const writing = Promise.all(writers.map((writer) => writer.write(stopping.signal)));
      const kills = await killServers(cluster, KILLS);
      stopping.abort();
      await writing;
      const gone = await watching;
      const report = summed(await Promise.all(writers.map(judgeWriter)));
      await Promise.all(writers.map((writer) => writer.close()));

      process.stderr.write(`  ${JSON.stringify({ ...report, ...gone, kills })}\n`);
      expect(report).toMatchObject({ lost: [], twice: [], outOfOrder: [] });
      expect(report.acknowledged).toBeGreaterThan(0);
      // Its claims would be taken over, and its chat might be answered twice.
      expect(gone).toMatchObject({ calledGone: 0 });
      expect(gone.asked).toBeGreaterThan(0);
      expect(kills).toHaveLength(KILLS);
    },
    (1 + KILLS) * MINUTE,
  );
});
