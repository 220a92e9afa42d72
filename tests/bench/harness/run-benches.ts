import type { Progress } from "@botfactory/infrastructure";
import { startWorld } from "../world/world.ts";
import type { Bench } from "./bench.ts";
import { keepReport, machine } from "./kept-reports.ts";
import { type Product, startProduct } from "./product.ts";
import type { Report } from "./report.ts";

export interface RunOptions {
  readonly rounds: number;
  readonly full: boolean;
  readonly progress: Progress;
}

// Generous: a bench that hangs must not keep the others from running.
const PATIENCE = 4;
const MINUTE_MS = 60_000;
// Of the product, once.
const START_MINUTES = 1;

/** Runs benches one after another, keeps each report, and goes on when one fails. Resolves with the names that failed. */
export async function runBenches(benches: readonly Bench[], options: RunOptions): Promise<string[]> {
  const { rounds, full, progress } = options;
  const all = benches.reduce((minutes, bench) => minutes + minutesOf(bench, options), START_MINUTES);
  progress(`${benches.length} benches, about ${Math.ceil(all)} minutes; a failing one does not stop the others`);
  const world = await startWorld();
  let product: Promise<Product> | undefined;
  const stop = async () => {
    const running = await product?.catch(() => undefined);
    product = undefined;
    await running?.stop().catch((error: unknown) => progress(`  the product did not stop cleanly: ${error}`));
  };
  const failed: string[] = [];
  for (const bench of benches) {
    progress(`${bench.name}: ${bench.title} (about ${minutesOf(bench, options)} min)`);
    const begun = performance.now();
    const context = {
      ...options,
      world,
      product: () => {
        product ??= startProduct(world, (line) => progress(`  ${line}`));
        return product;
      },
    };
    const kept = { name: bench.name, title: bench.title, at: new Date().toISOString(), rounds, machine: machine() };
    const seconds = () => Math.round((performance.now() - begun) / 1000);
    try {
      const report = await inTime(bench.run(context), patienceMs(bench, options));
      await keepReport({ ...kept, ...report, seconds: seconds() });
      progress(`✓ ${bench.name}: ${seconds()} s${full ? " (full size)" : ""}`);
    } catch (error) {
      const failure = error instanceof Error ? error.message : String(error);
      failed.push(bench.name);
      progress(`✗ ${bench.name}: ${error instanceof Error ? error.stack : error}`);
      await keepReport({ ...kept, tables: [], failure, seconds: seconds() });
      // The next one gets a product nobody has left half-way.
      await stop();
    }
  }
  await stop();
  await world.stop();
  return failed;
}

function minutesOf({ minutes }: Bench, { rounds, full }: RunOptions): number {
  return Math.ceil(Math.max(0.5, (minutes * rounds) / 5) * (full ? 5 : 1) * 2) / 2;
}

/** The large sizes take their time in however few rounds. */
function patienceMs(bench: Bench, options: RunOptions): number {
  const rounds = options.full ? Math.max(options.rounds, 5) : options.rounds;
  return minutesOf(bench, { ...options, rounds }) * PATIENCE * MINUTE_MS;
}

async function inTime(running: Promise<Report>, ms: number): Promise<Report> {
  let late: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    late = setTimeout(() => reject(new Error(`not done within ${Math.round(ms / MINUTE_MS)} minutes`)), ms);
  });
  return Promise.race([running, tooLate]).finally(() => clearTimeout(late));
}
