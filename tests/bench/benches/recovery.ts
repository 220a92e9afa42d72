import { setTimeout as pause } from "node:timers/promises";
import type { Bench } from "../harness/bench.ts";
import type { Product } from "../harness/product.ts";
import { figure, median, percentile, spread } from "../harness/statistics.ts";
import { chatsFrom, follow, type Webhook } from "../world/post.ts";
import type { World } from "../world/world.ts";

const CHATS = chatsFrom(700_000, 60);
const MODEL_MS = 1_000;
// In the middle of the model's second, when every chat is claimed by one of the two.
const KILL_AFTER_MS = 500;
// Longer than a presence key lives: the heir must have been there for a while.
const SETTLED_MS = 4_000;

/** Times from a message to its reply, ms, in chats of which about half were with the killed process. */
interface Recovered {
  readonly typical: number;
  readonly slowest: number;
}

/** How long chats rest when one of two conversation processes is killed in the middle of their turns. */
export const recovery: Bench = {
  name: "recovery",
  title: "A killed conversation process",
  minutes: 2,
  async run({ world, product: started, rounds, progress }) {
    const product = await started();
    const { webhook } = await product.connectBot();
    world.modelMs = MODEL_MS;
    const measured: Recovered[] = [];
    for (let round = 1; round <= rounds; round += 1) {
      progress(`  round ${round} of ${rounds}`);
      await product.scale("conversation", 2);
      await Promise.all(CHATS.map((chat) => follow(world, webhook, chat)));
      await pause(SETTLED_MS);
      measured.push(await killed(product, world, webhook));
    }
    await product.scale("conversation", 1);
    return report(measured);
  },
};

async function killed(product: Product, world: World, webhook: Webhook): Promise<Recovered> {
  const answering = Promise.all(CHATS.map((chat) => follow(world, webhook, chat)));
  // Told by the await below.
  answering.catch(() => undefined);
  await pause(KILL_AFTER_MS);
  await product.stack.replicasOf("conversation")[1]?.end("SIGKILL");
  const totals = (await answering).map(({ total }) => total);
  return { typical: percentile(totals, 0.25), slowest: Math.max(...totals) };
}

function report(measured: readonly Recovered[]) {
  const slowest = measured.map((round) => round.slowest);
  // What the kill added: the slowest chat's turn was begun again, and the model asked once more.
  const rests = slowest.map((ms) => ms - KILL_AFTER_MS - MODEL_MS);
  return {
    tables: [
      {
        title: `${CHATS.length} chats with a message each, model ${MODEL_MS} ms, one of two processes killed after ${KILL_AFTER_MS} ms`,
        columns: ["", "ms"],
        rows: [
          ["message to reply, a quarter of the chats within", spread(measured.map(({ typical }) => typical))],
          ["message to reply, slowest chat", spread(slowest)],
          ["of that, from the kill until the turn began again", spread(rests)],
        ],
      },
    ],
    goals: [
      {
        id: "recovery",
        goal: "chats of a killed process go on within 5 s",
        measured: `${figure(median(rests))} ms`,
        met: Math.max(...rests) <= 5_000,
      },
    ],
  };
}
