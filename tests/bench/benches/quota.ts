import { randomUUID } from "node:crypto";
import { AiService } from "@botfactory/proto/ai/v1/ai";
import { Language } from "@botfactory/proto/events/v1/account";
import { client, serviceIdentity } from "@botfactory/rpc";
import { z } from "zod";
import type { Bench } from "../harness/bench.ts";
import { cpuSeconds } from "../harness/process-tree.ts";
import type { Product } from "../harness/product.ts";
import { startRival } from "../harness/rival-process.ts";
import { interleaved, over } from "../harness/rounds.ts";
import { median, percentile, ratios, spread } from "../harness/statistics.ts";
import { declareBenchStream, emptyStream } from "../harness/streams.ts";

const WORKERS = 16;
const MS = 3_000;
const OURS = "calls granted, made and settled";
const CEILING = "ceiling: JetStream publish";

interface Granted {
  readonly aSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly cpuMicros: number;
}

/** How many model calls a second ai's ledger grants, the limit being far away. */
export const quota: Bench = {
  name: "quota",
  title: "Granting model calls",
  minutes: 1,
  async run({ product: started, rounds, progress, world }) {
    const product = await started();
    world.modelMs = 0;
    await declareBenchStream(product.nats);
    const publisher = await startRival("publisher", { NATS_URL: product.natsUrl });
    const ai = aiClient(product);
    try {
      const contenders = [
        { name: OURS, measure: () => granted(product, ai) },
        { name: CEILING, measure: () => published(product, publisher) },
      ];
      await granted(product, ai);
      const measured = await interleaved(contenders, rounds, progress);
      const rate = (name: string) => over(measured, name, ({ aSecond }) => aSecond);
      const row = (name: string) => [
        name,
        spread(rate(name)),
        spread(over(measured, name, ({ p50 }) => p50)),
        spread(over(measured, name, ({ p99 }) => p99)),
        name === OURS ? spread(over(measured, name, ({ cpuMicros }) => cpuMicros)) : "",
      ];
      return {
        tables: [
          {
            title: `${WORKERS} workers, one process of ai`,
            columns: ["", "a second", "p50, ms", "p99, ms", "CPU of ai, µs"],
            rows: [row(OURS), row(CEILING), ["ratio", spread(ratios(rate(OURS), rate(CEILING))), "", "", ""]],
            note: "Each call goes through gRPC, the ledger on the log, the model's HTTP call (no thinking) and the settlement.",
          },
        ],
        goals: [
          {
            id: "G13",
            goal: `≥ 200 calls granted a second with ${WORKERS} workers`,
            measured: spread(rate(OURS)),
            met: median(rate(OURS)) >= 200,
          },
        ],
      };
    } finally {
      ai.close();
      await publisher.stop();
      await emptyStream(product.nats, "BENCH");
    }
  },
};

type AiClient = ReturnType<typeof aiClient>;

function aiClient({ stack }: Product) {
  const key = stack.env["SERVICE_AUTH_KEY"] ?? "";
  const identity = serviceIdentity({ name: "conversation", key });
  return client(AiService, { url: stack.env["AI_URL"] ?? "", identity, deadlineMs: 30_000 });
}

async function granted(product: Product, ai: AiClient): Promise<Granted> {
  const before = await cpuSeconds(product.pids("ai"));
  const begun = performance.now();
  const times: number[] = [];
  const work = async () => {
    for (let from = performance.now(); from - begun < MS; from = performance.now()) {
      await generate(ai);
      times.push(performance.now() - from);
    }
  };
  await Promise.all(Array.from({ length: WORKERS }, work));
  const seconds = (performance.now() - begun) / 1000;
  const cpu = (await cpuSeconds(product.pids("ai"))) - before;
  const [p50, p99] = [percentile(times, 0.5), percentile(times, 0.99)];
  return { aSecond: times.length / seconds, p50, p99, cpuMicros: (cpu * 1e6) / times.length };
}

async function generate(ai: AiClient): Promise<void> {
  const parts = ai.generate({
    ownerId: "bench",
    botId: "bench",
    chargeKey: `bench:${randomUUID()}`,
    systemPrompt: "You are a helpful assistant.",
    answerLanguage: Language.EN,
    text: "When does the shop open?",
  });
  for await (const { part } of parts)
    if (part.case === undefined) throw new Error("ai sent a part this bench does not know");
}

const answer = z.object({ aSecond: z.number(), p50: z.number(), p99: z.number() });

async function published(_product: Product, publisher: { ask(line: unknown): Promise<unknown> }): Promise<Granted> {
  return { ...answer.parse(await publisher.ask({ atOnce: WORKERS, ms: MS / 2 })), cpuMicros: 0 };
}
