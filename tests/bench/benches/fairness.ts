import type { Bench, BenchContext } from "../harness/bench.ts";
import { cpuSeconds } from "../harness/process-tree.ts";
import type { Product } from "../harness/product.ts";
import type { Report } from "../harness/report.ts";
import { interleaved, over } from "../harness/rounds.ts";
import { median, percentile, ratios, spread } from "../harness/statistics.ts";
import { pace } from "../world/pace.ts";
import { chatsFrom, post, steadily, type Webhook } from "../world/post.ts";
import { textUpdate } from "../world/updates.ts";
import type { World } from "../world/world.ts";

const SECONDS = 20;
const QUIET_A_SECOND = 1;
// What the goal asks for is all that two cores do; of a part of it, what is left of the difference is not the machine's.
const MOST_A_SECOND = 100;
const FLOODS_A_SECOND = [MOST_A_SECOND, 30];
const MODEL_MS = 500;
const CALM_MS = 5_000;
const QUIET_CHATS = chatsFrom(500_000, 30);
const FLOODING_CHATS = chatsFrom(600_000, 3_000);

/** What the quiet owner's people and the machine saw in one round. */
interface Seen {
  /** From the post to sendMessage, ms, the model's time counted in. */
  readonly totals: readonly number[];
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  /** CPU seconds a second used by the product, all of its processes and the log's server. */
  readonly cores: number;
}

/** One owner's bot gets a message a second, alone and beside another owner's bot that gets many. */
export const fairness: Bench = {
  name: "fairness",
  title: "A quiet owner beside a flooding one",
  minutes: 7.5,
  async run(context) {
    const { world, progress, rounds } = context;
    const product = await context.product();
    const quiet = await product.connectBot("boris");
    const loud = await product.connectBot("aziza");
    world.modelMs = MODEL_MS;
    const bots = { quiet: quiet.webhook, loud: loud.webhook };
    await Promise.all([listen(world, bots.quiet, 5), flood(bots.loud, { aSecond: MOST_A_SECOND, seconds: 3 })]);
    await quietened(world);
    const contenders = [
      { name: ALONE, measure: () => seen(product, context, bots.quiet) },
      ...FLOODS_A_SECOND.map((aSecond) => ({
        name: beside(aSecond),
        measure: () => seenBeside(product, context, { ...bots, aSecond }),
      })),
    ];
    return report(await interleaved(contenders, rounds, progress));
  },
};

const ALONE = "alone";
const beside = (aSecond: number) => `beside ${aSecond} a second`;

interface Flooding {
  readonly quiet: Webhook;
  readonly loud: Webhook;
  readonly aSecond: number;
}

const listen = (world: World, webhook: Webhook, seconds: number) =>
  steadily(world, webhook, { aSecond: QUIET_A_SECOND, count: seconds * QUIET_A_SECOND, chats: QUIET_CHATS });

/** Posts the flood at its rate whatever the product does with it. */
async function flood(
  webhook: Webhook,
  { aSecond, seconds }: { readonly aSecond: number; readonly seconds: number },
): Promise<void> {
  const turnOf = pace(aSecond);
  for (let sent = 0; sent < seconds * aSecond; sent += 1) {
    await turnOf(sent);
    // Refused ones are part of a flood; Telegram would send them again.
    void post(webhook, textUpdate(FLOODING_CHATS[sent % FLOODING_CHATS.length] ?? 1).body).catch(() => undefined);
  }
}

/** Resolves when no reply came for a while: what waited has been answered. */
async function quietened(world: World): Promise<void> {
  for (let before = -1; before !== world.replies(); ) {
    before = world.replies();
    await new Promise((resolve) => setTimeout(resolve, CALM_MS));
  }
}

async function seen(product: Product, { world }: BenchContext, webhook: Webhook): Promise<Seen> {
  const pids = [...product.pids(), ...(product.natsPid === undefined ? [] : [product.natsPid])];
  const [before, begun] = [await cpuSeconds(pids), performance.now()];
  const totals = (await listen(world, webhook, SECONDS)).map(({ total }) => total);
  const cores = ((await cpuSeconds(pids)) - before) / ((performance.now() - begun) / 1000);
  const at = (share: number) => percentile(totals, share);
  return { totals, p50: at(0.5), p95: at(0.95), p99: at(0.99), cores };
}

/** The flood begins first and ends last; its backlog is through before the next round begins. */
async function seenBeside(product: Product, context: BenchContext, bots: Flooding): Promise<Seen> {
  const { quiet, loud, aSecond } = bots;
  const flooding = flood(loud, { aSecond, seconds: SECONDS + 2 });
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  const result = await seen(product, context, quiet);
  await flooding;
  await quietened(context.world);
  return result;
}

const PERCENTILES = ["p50", "p95", "p99"] as const;

function report(rounds: ReadonlyMap<string, readonly Seen[]>): Report {
  const names = [ALONE, ...FLOODS_A_SECOND.map(beside)];
  const ratioOf = (which: (typeof PERCENTILES)[number], name: string) =>
    ratios(
      over(rounds, name, (round) => round[which]),
      over(rounds, ALONE, (round) => round[which]),
    );
  const row = (name: string) => [
    name,
    ...PERCENTILES.map((which) => spread(over(rounds, name, (round) => round[which]))),
    spread(over(rounds, name, ({ cores }) => cores)),
  ];
  const ratioRow = (name: string) => [
    `${name} / ${ALONE}`,
    ...PERCENTILES.map((which) => spread(ratioOf(which, name))),
    "",
  ];
  const pooled = (name: string) =>
    percentile(
      (rounds.get(name) ?? []).flatMap(({ totals }) => totals),
      0.99,
    );
  const [p95, p99] = [ratioOf("p95", beside(MOST_A_SECOND)), ratioOf("p99", beside(MOST_A_SECOND))];
  return {
    tables: [
      {
        title: `${QUIET_A_SECOND} message a second, alone and beside another owner's flood; model ${MODEL_MS} ms`,
        columns: ["quiet owner", "p50 ms", "p95 ms", "p99 ms", "cores the product used"],
        rows: [...names.map(row), ...names.slice(1).map(ratioRow)],
        note: `From the webhook to sendMessage, the model's time included. p99 of all rounds together: ${names.map((name) => `${Math.round(pooled(name))}`).join(", ")} ms. The generator and the stand-ins share the machine.`,
      },
    ],
    goals: [
      {
        id: "quiet p95",
        goal: `${beside(MOST_A_SECOND)} < 1.2 x alone`,
        measured: spread(p95),
        met: median(p95) < 1.2,
      },
      { id: "G9", goal: `p99 ${beside(MOST_A_SECOND)} <= 1.2 x alone`, measured: spread(p99), met: median(p99) <= 1.2 },
    ],
  };
}
