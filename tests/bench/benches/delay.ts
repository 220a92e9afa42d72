import type { Bench } from "../harness/bench.ts";
import { cpuSeconds, memory } from "../harness/process-tree.ts";
import type { Product } from "../harness/product.ts";
import { startGrammy } from "../harness/rivals.ts";
import { type Contender, interleaved } from "../harness/rounds.ts";
import { percentile } from "../harness/statistics.ts";
import { chatsFrom, type Passage, saturating, steadily, type Webhook } from "../world/post.ts";
import type { World } from "../world/world.ts";
import { type Delayed, delayReport, type Load } from "./delay-report.ts";

const SECONDS = 5;
// No chat has two updates under way at 40 a second and a model that takes a second.
const CHATS = chatsFrom(10_000, 400);
const AT_ONCE = 48;
const TURNS_FOR_CAPACITY = 400;

/** Webhook to sendMessage over the model's own time, beside the usual way. */
export const delay: Bench = {
  name: "delay",
  title: "Added delay",
  minutes: 4,
  async run(context) {
    const { world, progress, rounds } = context;
    const product = await context.product();
    const { webhook } = await product.connectBot();
    const grammy = await startGrammy(world);
    try {
      world.modelMs = 0;
      progress("  warming up, then looking for the capacity");
      await saturating(world, webhook, { count: CHATS.length, chats: CHATS });
      await saturating(world, grammy.webhook, { count: CHATS.length, chats: CHATS.slice(0, AT_ONCE) });
      const loads = loadsFor(await capacityOf(world, webhook));
      const contenders = loads.flatMap(
        (load) =>
          [
            {
              name: `BotFactory, ${load.name}`,
              measure: () => measure(world, load, { webhook, pids: pidsOf(product) }),
            },
            {
              name: `grammY, ${load.name}`,
              measure: () => measure(world, load, { webhook: grammy.webhook, pids: [grammy.pid] }),
            },
          ] satisfies Contender<Delayed>[],
      );
      return delayReport(loads, await interleaved(contenders, rounds, progress));
    } finally {
      await grammy.stop();
    }
  },
};

function loadsFor(capacity: number): Load[] {
  return [
    { name: "5/s, model 1 s", aSecond: 5, modelMs: 1_000 },
    { name: "40/s, model 1 s", aSecond: 40, modelMs: 1_000 },
    { name: `half of capacity (${Math.round(capacity / 2)}/s), model 0.1 s`, aSecond: capacity / 2, modelMs: 100 },
  ];
}

/** Turns a second with the generator on the same machine, so of everything together. */
async function capacityOf(world: World, webhook: Webhook): Promise<number> {
  const begun = performance.now();
  await saturating(world, webhook, { count: TURNS_FOR_CAPACITY, chats: CHATS.slice(0, AT_ONCE) });
  return (TURNS_FOR_CAPACITY * 1000) / (performance.now() - begun);
}

function pidsOf(product: Product): number[] {
  return [...product.pids(), ...(product.natsPid === undefined ? [] : [product.natsPid])];
}

interface System {
  readonly webhook: Webhook;
  readonly pids: readonly number[];
}

async function measure(world: World, { aSecond, modelMs }: Load, { webhook, pids }: System): Promise<Delayed> {
  world.modelMs = modelMs;
  const before = await cpuSeconds(pids);
  const count = Math.round(aSecond * SECONDS);
  const passages = await steadily(world, webhook, { aSecond, count, chats: CHATS });
  const cpuMs = (((await cpuSeconds(pids)) - before) * 1000) / count;
  const { pss } = await memory(pids);
  return { ...timesOf(passages), cpuMs, pss };
}

function timesOf(passages: readonly Passage[]) {
  const [overheads, acks] = [passages.map(({ overhead }) => overhead), passages.map(({ ack }) => ack)];
  return {
    overheads,
    p50: percentile(overheads, 0.5),
    p99: percentile(overheads, 0.99),
    ackP50: percentile(acks, 0.5),
    ackP99: percentile(acks, 0.99),
  };
}
