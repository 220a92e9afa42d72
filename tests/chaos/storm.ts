import { cp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type GaleOptions, type GaleResult, gale } from "./gale.ts";
import { furnish } from "./load.ts";
import { seeded } from "./seeded.ts";
import { startStormStack } from "./storm-stack.ts";
import { supervise } from "./supervisor.ts";

export interface StormOptions extends GaleOptions {
  readonly retryScale: number;
  /** Where the services' logs and Telegram's ledger go when the bar is missed or a process ended by itself. */
  readonly evidence: string;
}

export interface StormResult extends GaleResult {
  readonly seed: number;
  /** What ended by itself, which misses the bar, and was started again. */
  readonly crashes: readonly string[];
  readonly seconds: number;
}

const SIZE = { owners: 4, bots: 20, chats: 200 };

/** One storm from its seed to its verdict, on a stack of its own. */
export async function storm(options: StormOptions): Promise<StormResult> {
  const { seed, tell, updates, kills, restarts, evidence, retryScale, upgrade } = options;
  const begun = Date.now();
  const seconds = () => Math.round((Date.now() - begun) / 1_000);
  tell(`seed ${seed}: ${updates} updates, ${kills} kills, ${restarts} rolling restarts`);
  const stack = await startStormStack({
    random: seeded(seed + 1_000_001),
    retryScale,
    ...(upgrade && { version: upgrade.version }),
  });
  const supervisor = supervise(stack.processes);
  const keepEvidence = async () => {
    await cp(join(stack.directory, "logs"), join(evidence, `logs-of-seed-${seed}`), { recursive: true });
    await writeFile(join(evidence, `ledger-of-seed-${seed}.json`), JSON.stringify(await stack.telegram.ledger()));
  };
  try {
    const chats = await furnish(stack, SIZE);
    tell(`  everything runs after ${seconds()} s`);
    const result = await gale(stack, chats, options);
    const { crashes } = supervisor;
    const isMet = result.isMet && crashes.length === 0;
    if (!isMet) await keepEvidence();
    return { ...result, isMet, seed, crashes, seconds: seconds() };
  } catch (error) {
    await keepEvidence();
    throw error;
  } finally {
    supervisor.leave();
    await stack.stop();
  }
}
