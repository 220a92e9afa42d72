import { cp } from "node:fs/promises";
import { join } from "node:path";
import { type CheckOptions, type Fault, meetsBar, type Report } from "./checker.ts";
import { type Havoc, wreakHavoc } from "./havoc.ts";
import { furnish, post } from "./load.ts";
import { rollOver } from "./rolling-restart.ts";
import { seeded } from "./seeded.ts";
import { type StormStack, startStormStack } from "./storm-stack.ts";
import { supervise } from "./supervisor.ts";
import { judged, ledgerReader } from "./witness.ts";

export interface StormOptions {
  readonly seed: number;
  readonly updates: number;
  /** kill -9 in all. */
  readonly kills: number;
  /** Restarts of every process by SIGTERM, one process at a time; the posting lasts as long as they do. */
  readonly restarts: number;
  /** Time of posting and of faults, ms. */
  readonly stormMs: number;
  /** Time for the rest to be answered afterwards, ms. */
  readonly drainMs: number;
  readonly retryScale: number;
  readonly size?: { readonly owners: number; readonly bots: number; readonly chats: number };
  readonly tell: (line: string) => void;
  /** Where the services' logs go when the bar is missed. */
  readonly evidence?: string;
}

export interface StormResult extends Report {
  readonly seed: number;
  readonly isMet: boolean;
  /** Faults by kind and service, e.g. `kill conversation`. */
  readonly faults: Readonly<Record<string, number>>;
  /** What ended by itself and was started again. */
  readonly crashes: readonly string[];
  readonly seconds: number;
}

const SIZE = { owners: 4, bots: 20, chats: 200 };

/** One storm from its seed to its verdict. */
export async function storm(options: StormOptions): Promise<StormResult> {
  const { seed, tell, updates, kills, restarts, evidence } = options;
  const begun = Date.now();
  const since = () => `${((Date.now() - begun) / 1_000).toFixed(0)} s`;
  tell(`seed ${seed}: ${updates} updates, ${kills} kills, ${restarts} rolling restarts`);
  const stack = await startStormStack({ random: seeded(seed + 1_000_001), retryScale: options.retryScale });
  const supervisor = supervise(stack.processes);
  try {
    const chats = await furnish(stack, options.size ?? SIZE);
    tell(`  everything runs after ${since()}`);
    const havoc = wreakHavoc(stack, { random: seeded(seed + 2_000_003), kills, withinMs: options.stormMs });
    const rolled = rollOver(stack, { rounds: restarts, tell });
    await Promise.all([
      post(stack, chats, { random: seeded(seed), updates, withinMs: options.stormMs, atLeastUntil: rolled }),
      havoc.over,
      rolled,
    ]);
    tell(`  the storm is over after ${since()}`);
    const report = await verdict(stack, havoc, options);
    const isMet = meetsBar(report) && (kills > 0 || report.refusedPosts === 0);
    if (!isMet && evidence !== undefined)
      await cp(join(stack.directory, "logs"), join(evidence, `logs-of-seed-${seed}`), { recursive: true });
    const seconds = Math.round((Date.now() - begun) / 1_000);
    return { ...report, seed, isMet, faults: counted(havoc.faults), crashes: supervisor.crashes, seconds };
  } finally {
    supervisor.leave();
    await stack.stop();
  }
}

function verdict(stack: StormStack, havoc: Havoc, { drainMs, tell }: StormOptions): Promise<Report> {
  return judged(stack, {
    read: ledgerReader(stack),
    withinMs: drainMs,
    options: (): CheckOptions => ({
      faults: havoc.faults.filter((fault): fault is Fault => fault.kind !== "log-kill"),
      modelAnswers: stack.written(),
    }),
    tell: ({ updates, lost, unknown }) => tell(`  posted ${updates}, open ${lost.length + unknown.length}`),
  });
}

function counted(faults: readonly { readonly kind: string; readonly process: string }[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { kind, process } of faults) {
    const name = `${kind} ${process.replace(/-\d+$/, "")}`;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}
