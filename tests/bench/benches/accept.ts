import { z } from "zod";
import type { Bench, BenchContext } from "../harness/bench.ts";
import { type Flood, flood } from "../harness/flood.ts";
import type { Product } from "../harness/product.ts";
import type { RivalProcess } from "../harness/rival-process.ts";
import { startRival } from "../harness/rival-process.ts";
import { startExpressOnly, startGrammy, startPublishOnly, type WebhookRival } from "../harness/rivals.ts";
import { type Contender, interleaved } from "../harness/rounds.ts";
import { declareBenchStream, emptyStream } from "../harness/streams.ts";
import { acceptReport } from "./accept-report.ts";
import {
  type Accepted,
  BATCH,
  BUSY,
  CONNECTIONS,
  EXPRESS,
  GRAMMY,
  GRPC,
  nameAt,
  OURS,
  PROTOTYPE,
  PUBLISH,
  USUAL,
} from "./accept-systems.ts";

const SECONDS = 1.5;
const RAW_MS = 500;
const BACKLOG = 3_000;
// A stream refuses more than 50 that are under way.
const MOST_BATCHES = 40;

/** Accepted and stored updates a second, and how soon Telegram has its 200. */
export const accept: Bench = {
  name: "accept",
  title: "Accepting updates",
  minutes: 4,
  async run(context) {
    const product = await context.product();
    const { webhook } = await product.connectBot();
    await product.scale("conversation", 0);
    await declareBenchStream(product.nats);
    context.world.modelMs = 0;
    const rivals = await startRivals(context, product);
    try {
      const contenders = contendersOf({ ...rivals, product, webhook });
      for (const { measure } of contenders.filter(({ name }) => name.endsWith(` @${USUAL}`))) await measure(0);
      return acceptReport(await interleaved(contenders, context.rounds, context.progress));
    } finally {
      for (const rival of Object.values(rivals)) await rival.stop();
      await product.scale("conversation", 1);
    }
  },
};

interface Rivals {
  readonly grammy: WebhookRival;
  readonly publishOnly: WebhookRival;
  readonly expressOnly: WebhookRival;
  readonly publisher: RivalProcess;
  readonly batches: RivalProcess;
  readonly unary: RivalProcess;
}

async function startRivals(
  { world }: BenchContext,
  { natsUrl }: Product,
): Promise<Rivals & Record<string, RivalProcess>> {
  return {
    grammy: await startGrammy(world),
    publishOnly: await startPublishOnly(natsUrl),
    expressOnly: await startExpressOnly(),
    publisher: await startRival("publisher", { NATS_URL: natsUrl }),
    batches: await startRival("batch-publisher", { NATS_URL: natsUrl }),
    unary: await startRival("grpc-unary", {}),
  };
}

interface Systems extends Rivals {
  readonly product: Product;
  readonly webhook: WebhookRival["webhook"];
}

function contendersOf(systems: Systems): Contender<Accepted>[] {
  const { product, webhook, grammy, publishOnly, expressOnly, publisher, batches, unary } = systems;
  const log = product.natsPid === undefined ? [] : [product.natsPid];
  const stored = async (running: Promise<Flood>, stream: string) => {
    const measured = await running;
    await emptyStream(product.nats, stream);
    return measured;
  };
  const each = (name: string, measure: (connections: number) => Promise<Accepted>): Contender<Accepted>[] =>
    CONNECTIONS.map((connections) => ({ name: nameAt(name, connections), measure: () => measure(connections) }));
  const flooding = (connections: number, pids: readonly number[]) => ({ connections, seconds: SECONDS, pids });
  return [
    ...each(OURS, (n) => stored(flood(webhook, flooding(n, [...product.pids("ingress"), ...log])), "UPDATES")),
    ...each(PROTOTYPE, (n) => stored(flood(publishOnly.webhook, flooding(n, [publishOnly.pid, ...log])), "BENCH")),
    ...each(GRAMMY, (n) => flood(grammy.webhook, flooding(n, [grammy.pid]))),
    ...each(EXPRESS, (n) => flood(expressOnly.webhook, flooding(n, [expressOnly.pid]))),
    ...each(PUBLISH, (n) => raw(publisher, n)),
    ...each(BATCH, (n) => raw(batches, Math.min(n, MOST_BATCHES))),
    ...each(GRPC, (n) => raw(unary, n)),
    { name: nameAt(BUSY, USUAL), measure: () => whileBusy(product, webhook) },
  ];
}

const rawAnswer = z.object({ aSecond: z.number(), p50: z.number(), p99: z.number() });

async function raw(rival: RivalProcess, atOnce: number): Promise<Accepted> {
  return rawAnswer.parse(await rival.ask({ atOnce, ms: RAW_MS }));
}

/** The consumers work off a backlog meanwhile. */
async function whileBusy(product: Product, webhook: WebhookRival["webhook"]): Promise<Accepted> {
  await product.scale("conversation", 1);
  await flood(webhook, { connections: USUAL, amount: BACKLOG, pids: [] });
  const measured = await flood(webhook, { connections: USUAL, seconds: SECONDS, pids: [] });
  await product.scale("conversation", 0);
  await emptyStream(product.nats, "UPDATES");
  return measured;
}
