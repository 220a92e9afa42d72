import { setTimeout as delay } from "node:timers/promises";
import type { Bench, BenchContext } from "../harness/bench.ts";
import { MOST_CONVERSATIONS, type Product } from "../harness/product.ts";
import { interleaved } from "../harness/rounds.ts";
import { chatsFrom, saturating, type Webhook } from "../world/post.ts";
import type { World } from "../world/world.ts";
import { keepBusy } from "./busy-chats.ts";
import { memoryByService, type Sample } from "./service-memory.ts";
import { spentBy } from "./turn-cost.ts";
import { turnsReport } from "./turns-report.ts";

const CHATS = chatsFrom(50_000, 64 * MOST_CONVERSATIONS + 44);
const WARM_CHATS = 96;
const LONG_RUN = 3_000;
const FULL_LONG_RUN = 100_000;
const SAMPLES = 5;

/** How a load is measured: what the model takes, how many chats ask, how long is waited and looked. */
export interface TurnLoad {
  readonly name: string;
  readonly processes: number;
  readonly modelMs: number;
  readonly chats: number;
  readonly rampMs: number;
  readonly windowMs: number;
}

const atOnce = (processes: number): TurnLoad => ({
  name: `no model time, ${processes}`,
  processes,
  modelMs: 0,
  chats: WARM_CHATS,
  rampMs: 1_000,
  windowMs: 4_000,
});

// One process asks the model for 64 chats at once (TURNS_AT_ONCE), so 16 turns a second are the most one can do.
const waiting = (processes: number): TurnLoad => ({
  name: `model 4 s, ${processes}`,
  processes,
  modelMs: 4_000,
  chats: CHATS.length,
  rampMs: 12_000,
  windowMs: 4_000,
});

const LOADS = [atOnce(1), atOnce(2), waiting(1), waiting(2), waiting(4)];

/** Whole turns a second, and what one costs. */
export const turns: Bench = {
  name: "turns",
  title: "Turns",
  minutes: 5,
  async run(context) {
    const { world, rounds, progress, full } = context;
    const product = await context.product();
    const { webhook } = await product.connectBot();
    const idle = await memoryByService(product);
    progress("  warming up");
    world.modelMs = 0;
    await saturating(world, webhook, { count: CHATS.length, chats: CHATS });
    const contenders = LOADS.map((load) => ({
      name: load.name,
      measure: () => turnsASecond({ world, product, webhook }, load),
    }));
    const measured = await interleaved(contenders, rounds, progress);
    await product.scale("conversation", 1);
    const long = await longRun(context, { world, product, webhook }, full ? FULL_LONG_RUN : LONG_RUN);
    return turnsReport({ loads: LOADS, measured, idle, ...long });
  },
};

interface Running {
  readonly world: World;
  readonly product: Product;
  readonly webhook: Webhook;
}

async function turnsASecond({ world, product, webhook }: Running, load: TurnLoad): Promise<number> {
  await product.scale("conversation", load.processes);
  world.modelMs = load.modelMs;
  const chats = keepBusy(world, webhook, CHATS.slice(0, load.chats));
  await delay(load.rampMs);
  const [before, begun] = [world.replies(), performance.now()];
  await delay(load.windowMs);
  const aSecond = ((world.replies() - before) * 1000) / (performance.now() - begun);
  await chats.stop();
  return aSecond;
}

/** Many turns by one process of each service: what they cost, and whether memory grows. */
async function longRun({ progress }: BenchContext, { world, product, webhook }: Running, count: number) {
  progress(`  ${count} turns in a row`);
  world.modelMs = 0;
  const samples: Sample[] = [];
  const cost = await spentBy(product, count, async () => {
    for (let done = 0; done < SAMPLES; done += 1) {
      await saturating(world, webhook, { count: count / SAMPLES, chats: CHATS.slice(0, WARM_CHATS) });
      samples.push({ turns: ((done + 1) * count) / SAMPLES, memory: await memoryByService(product) });
    }
  });
  return { cost, samples };
}
