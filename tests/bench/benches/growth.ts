import { MongoClient } from "mongodb";
import { until } from "../../e2e/support/until.ts";
import type { Bench } from "../harness/bench.ts";
import type { Product } from "../harness/product.ts";
import { chatsFrom, saturating, type Webhook } from "../world/post.ts";
import type { World } from "../world/world.ts";
import { growthReport } from "./growth-report.ts";
import { type Grown, manyRegistrations, moreDocuments } from "./more-data.ts";
import { type PageTimes, timePages } from "./page-times.ts";
import { type Rebuilt, rebuilt } from "./rebuilt.ts";
import { type TableStart, tableStart } from "./table-start.ts";

const SMALL: Grown = { bots: 10, messages: 1_000 };
const MIDDLE: Grown = { bots: 1_000, messages: 20_000 };
const LARGE: Grown = { bots: 10_000, messages: 200_000 };
const FULL: Grown = { bots: 100_000, messages: 1_000_000 };
const CHATS = chatsFrom(90_000, 40);
const TURNS = 6_000;
const SHOWN = 10;
const PROJECTED_WITHIN_MS = 120_000;

/** What one size of the installation was measured at. */
export interface AtSize {
  readonly size: Grown;
  readonly pages: PageTimes;
  readonly table: TableStart;
}

/** How the console's pages, ingress's table and a rebuild fare with much data. */
export const growth: Bench = {
  name: "growth",
  title: "Growth",
  minutes: 2,
  async run({ world, product: started, rounds, full, progress }) {
    const product = await started();
    const { id: botId, webhook } = await product.connectBot();
    world.modelMs = 0;
    await firstTurns(world, product, { botId, webhook });
    const database = await MongoClient.connect(product.mongodbUrl);
    try {
      const sizes: AtSize[] = [];
      for (const size of [SMALL, MIDDLE, full ? FULL : LARGE]) {
        progress(`  ${size.bots} bots, ${size.messages} messages`);
        await moreDocuments(database.db(), botId, size);
        await manyRegistrations(product, botId, size.bots);
        const pages = await timePages(product, botId, rounds);
        sizes.push({ size, pages, table: await tableStart(product, rounds) });
      }
      progress("  rebuilding the read model beside a plain replay");
      const rebuilds: Rebuilt[] = [];
      const place = { product, webhook, database: database.db() };
      for (let round = 1; round <= rounds; round += 1) rebuilds.push(await rebuilt(place));
      return growthReport(sizes, rebuilds);
    } finally {
      await database.close();
    }
  },
};

/** Something for pages to show and for a rebuild to read. */
async function firstTurns(world: World, product: Product, bot: { botId: string; webhook: Webhook }): Promise<void> {
  await saturating(world, bot.webhook, { count: TURNS, chats: CHATS });
  const owner = await product.owner();
  await until(
    "the chats are in the read model",
    async () => {
      const { body } = await owner.call<{ chats?: readonly unknown[] }>("GET", `/bots/${bot.botId}/chats`);
      return (body.chats?.length ?? 0) >= SHOWN;
    },
    PROJECTED_WITHIN_MS,
  );
}
