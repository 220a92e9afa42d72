import { type CheckOptions, type Fault, meetsBar, type Report } from "./checker.ts";
import { type Havoc, wreakHavoc } from "./havoc.ts";
import { post, type StormChat } from "./load.ts";
import { rollOver, type Upgrade } from "./rolling-restart.ts";
import { seeded } from "./seeded.ts";
import type { StormStack } from "./storm-stack.ts";
import { judged, ledgerReader } from "./witness.ts";

export interface GaleOptions {
  readonly seed: number;
  readonly updates: number;
  /** kill -9 in all. */
  readonly kills: number;
  /** Restarts of every process by SIGTERM, one process at a time; the posting lasts as long as they do. */
  readonly restarts: number;
  /** What the restarts change of the version, if anything. */
  readonly upgrade?: Upgrade | undefined;
  /** Time of posting and of faults, ms. */
  readonly stormMs: number;
  /** Time for the rest to be answered afterwards, ms. */
  readonly drainMs: number;
  readonly tell: (line: string) => void;
}

export interface GaleResult extends Report {
  readonly isMet: boolean;
  /** Faults by kind and service, e.g. `kill conversation`. */
  readonly faults: Readonly<Record<string, number>>;
}

// One message in ten meets a scripted failure of the model, one send in fifty one of Telegram's; some of both are answered.
const MOSTLY = 0.8;

/** One span of load and faults on a running stack, and the verdict over what was posted in it. */
export async function gale(stack: StormStack, chats: readonly StormChat[], options: GaleOptions): Promise<GaleResult> {
  const { seed, updates, kills, restarts, stormMs, tell } = options;
  const read = await ledgerReader(stack);
  const before = stack.written();
  const havoc = wreakHavoc(stack, { random: seeded(seed + 2_000_003), kills, withinMs: stormMs });
  const rolled = rollOver(stack, { rounds: restarts, upgrade: options.upgrade, tell });
  const posted = post(stack, chats, { random: seeded(seed), updates, withinMs: stormMs, atLeastUntil: rolled });
  const [count] = await Promise.all([posted, havoc.over, rolled]);
  const report = await judged(stack, {
    read,
    withinMs: options.drainMs,
    options: (): CheckOptions => ({ faults: faultsOf(havoc), modelAnswers: stack.written() - before }),
    tell: ({ updates: known, lost, unknown }) => tell(`  posted ${known}, open ${lost.length + unknown.length}`),
  });
  // The ledger has no word of a message whose turn to be posted never came.
  const isWhole = report.updates === count;
  const isAnswered = report.classes.answered >= MOSTLY * report.updates;
  // Only a process that is killed may leave a post unanswered.
  const isSmooth = report.refusedPosts.length + report.duplicated.length === 0;
  const isMet = isWhole && isAnswered && meetsBar(report) && (kills > 0 || isSmooth);
  return { ...report, isMet, faults: counted(havoc.done) };
}

function faultsOf({ done }: Havoc): readonly Fault[] {
  return done.filter(({ process }) => process !== "log");
}

function counted(faults: readonly { readonly kind: string; readonly process: string }[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { kind, process } of faults) {
    const name = `${kind} ${process.replace(/-\d+$/, "")}`;
    counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}
