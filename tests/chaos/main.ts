import { appendFile, mkdir } from "node:fs/promises";
import { z } from "zod";
import { REPOSITORY } from "../setup/repository.ts";
import { type StormResult, storm } from "./storm.ts";

const count = z.coerce.number().int().positive();

/** Defaults that end within five minutes on two cores. */
const wishes = z.object({
  N: count.default(2_000),
  KILLS: z.coerce.number().int().nonnegative().default(12),
  SEEDS: z.string().default("1"),
  /** By default 25 updates a second are posted, and a tenth of a second is left for each afterwards. */
  STORM_SECONDS: count.optional(),
  DRAIN_SECONDS: count.optional(),
  /** Rounds of rolling restarts instead of kills. */
  ROUNDS: z.coerce.number().int().nonnegative().default(0),
  /** A built checkout of another version: rounds lead from it to this one, back, and so on. */
  FROM_CHECKOUT: z.string().optional(),
  RETRY_SCALE: z.coerce.number().positive().default(1),
});

const RESULTS = ".botfactory/chaos";
const tell = (line: string) => void process.stderr.write(`${line}\n`);

const { N, KILLS, SEEDS, STORM_SECONDS, DRAIN_SECONDS, ROUNDS, RETRY_SCALE, FROM_CHECKOUT } = wishes.parse(process.env);
await mkdir(RESULTS, { recursive: true });
const results: StormResult[] = [];
for (const seed of seedsIn(SEEDS)) {
  const result = await storm({
    seed,
    updates: N,
    kills: ROUNDS > 0 ? 0 : KILLS,
    restarts: ROUNDS,
    upgrade: upgradeFrom(FROM_CHECKOUT),
    stormMs: (STORM_SECONDS ?? N / 25) * 1_000,
    drainMs: (DRAIN_SECONDS ?? Math.max(180, N / 10)) * 1_000,
    retryScale: RETRY_SCALE,
    tell,
    evidence: RESULTS,
  });
  results.push(result);
  tell(line(result));
  await appendFile(`${RESULTS}/${kindOfRun()}.jsonl`, `${JSON.stringify(result)}\n`);
}
table(results);
process.exit(results.every(({ isMet }) => isMet) ? 0 : 1);

function kindOfRun(): string {
  if (FROM_CHECKOUT !== undefined) return "upgrades";
  return ROUNDS > 0 ? "rolling-restarts" : "storms";
}

function upgradeFrom(old: string | undefined) {
  return old === undefined ? undefined : { version: { checkout: old }, old, next: REPOSITORY };
}

/** "3" is one seed, "1-20" are twenty, "1,5,9" are three. */
function seedsIn(text: string): readonly number[] {
  return text.split(",").flatMap((part) => {
    const [first = 0, last = first] = part.split("-").map(Number);
    return Array.from({ length: last - first + 1 }, (_, index) => first + index);
  });
}

function line({ seed, isMet, ...result }: StormResult): string {
  const {
    updates,
    classes,
    lost,
    duplicated,
    outOfOrder,
    unknown,
    astray,
    refusedPosts,
    wastedModelCalls,
    drainMs,
    longestWaitMs,
    seconds,
  } = result;
  const unexcused = duplicated.filter(({ excuse }) => excuse === undefined);
  const found = {
    lost,
    outOfOrder,
    unknown,
    astray,
    unexcused,
    refusedPosts,
  };
  const details = isMet ? "" : `\n${JSON.stringify(found, null, 1).slice(0, 4_000)}`;
  return [
    `${isMet ? "✓" : "✗"} seed ${seed}: ${updates} updates (${JSON.stringify(classes)}) in ${seconds} s;`,
    `lost ${lost.length}, duplicated ${duplicated.length} (${excusesOf(duplicated)}), out of order ${outOfOrder.length},`,
    `posts refused ${refusedPosts.length}, unknown ${unknown.length}, astray ${astray.length}, refused together ${result.refusedTogether},`,
    `wasted model calls ${wastedModelCalls}, drained in ${(drainMs / 1_000).toFixed(1)} s, longest wait ${(longestWaitMs / 1_000).toFixed(1)} s; ${JSON.stringify(result.faults)}, ended by itself: ${result.crashes.join(", ") || "nothing"}${details}`,
  ].join(" ");
}

/** How many were excused by what. */
function excusesOf(doubles: StormResult["duplicated"]): string {
  const counts = new Map<string, number>();
  for (const { excuse, isAfterSend } of doubles) {
    const when = isAfterSend ? "at wrk.afterSend" : "of the second sender";
    const name = excuse === undefined ? "without an excuse" : `${excuse.kind} ${when}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].map(([name, count]) => `${count} ${name}`).join(", ") || "none";
}

function table(all: readonly StormResult[]): void {
  const sum = (of: (result: StormResult) => number) => all.reduce((total, result) => total + of(result), 0);
  tell(`${all.length} seeds, ${all.filter(({ isMet }) => isMet).length} of them met the bar`);
  tell(
    `updates ${sum(({ updates }) => updates)}, lost ${sum(({ lost }) => lost.length)}, duplicated ${sum(({ duplicated }) => duplicated.length)}, ` +
      `out of order ${sum(({ outOfOrder }) => outOfOrder.length)}, unknown ${sum(({ unknown }) => unknown.length)}, ` +
      `wasted model calls ${sum(({ wastedModelCalls }) => wastedModelCalls ?? 0)}`,
  );
}
