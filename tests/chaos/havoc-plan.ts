import type { Random } from "./seeded.ts";

/** One thing to be done to one process, or to the log (`log`). */
export interface Deed {
  readonly kind: "kill" | "stop" | "cut";
  /** `<service>-<replica>` or `log`. */
  readonly target: string;
  /** When, ms after the beginning. */
  readonly at: number;
  /** How long it stays down, stopped or cut off, ms. */
  readonly forMs: number;
}

export interface PlanOptions {
  /** kill -9 in all; a fifth as many stops and a tenth as many cuts come on top. */
  readonly kills: number;
  readonly withinMs: number;
  readonly replicas: number;
}

/** Longer than a claim lives (presence key: 3 s). */
const STOPPED_MS = 8_000;
const LONGEST_DOWN_MS = 3_000;
const LONGEST_CUT_MS = 6_000;
// The senders and the log are where messages could be lost; the others are hit too.
const KILLED = { ingress: 3, conversation: 6, ai: 3, bots: 2, web: 1, log: 3 };
const STOPPED = { conversation: 7, ai: 1, bots: 1, ingress: 1 };
const CUT = { ingress: 2, conversation: 3, ai: 2, bots: 1 };

/** All that is to be done, by the seed alone: what happens in between does not change it. */
export function havocPlan(random: Random, { kills, withinMs, replicas }: PlanOptions): readonly Deed[] {
  const deed = (kind: Deed["kind"], name: string, forMs: () => number) => {
    const target = name === "log" ? name : `${name}-${1 + random.whole(replicas)}`;
    return { kind, target, at: random.between(0, withinMs), forMs: forMs() };
  };
  const sometimes = (longest: number) => () => (random.isTrue(0.5) ? 0 : random.between(0, longest));
  return [
    ...targets(random, KILLED, kills).map((name) => deed("kill", name, sometimes(LONGEST_DOWN_MS))),
    ...targets(random, STOPPED, kills / 5).map((name) => deed("stop", name, () => STOPPED_MS)),
    ...targets(random, CUT, kills / 10).map((name) => deed("cut", name, sometimes(LONGEST_CUT_MS))),
  ].sort((one, other) => one.at - other.at);
}

/** So many targets: each at least once where the count allows, the heaviest first, and the rest by weight. */
function targets(random: Random, weights: Readonly<Record<string, number>>, count: number): readonly string[] {
  const lots = Object.entries(weights).flatMap(([name, weight]) => Array.from({ length: weight }, () => name));
  const each = Object.keys(weights).sort((one, other) => (weights[other] ?? 0) - (weights[one] ?? 0));
  return Array.from({ length: Math.ceil(count) }, (_, index) => each[index] ?? random.one(lots));
}
