import type { Goal, Report, Table } from "../harness/report.ts";
import { over, type Rounds } from "../harness/rounds.ts";
import { figure, median, percentile, ratios, spread } from "../harness/statistics.ts";

export interface Load {
  readonly name: string;
  readonly aSecond: number;
  readonly modelMs: number;
}

/** One round of one system under one load; times in ms, memory in MiB. */
export interface Delayed {
  readonly overheads: readonly number[];
  readonly p50: number;
  readonly p99: number;
  readonly ackP50: number;
  readonly ackP99: number;
  readonly cpuMs: number;
  readonly pss: number;
}

const FIGURES = [
  ["delay p50, ms", (one: Delayed) => one.p50],
  ["delay p99, ms", (one: Delayed) => one.p99],
  ["200 after p50, ms", (one: Delayed) => one.ackP50],
  ["200 after p99, ms", (one: Delayed) => one.ackP99],
  ["CPU per update, ms", (one: Delayed) => one.cpuMs],
  ["memory (PSS), MiB", (one: Delayed) => one.pss],
] as const;

export function delayReport(loads: readonly Load[], rounds: Rounds<Delayed>): Report {
  return { tables: loads.map((load) => tableOf(load, rounds)), goals: loads.flatMap((load) => goalsOf(load, rounds)) };
}

const namesOf = ({ name }: Load) => [`BotFactory, ${name}`, `grammY, ${name}`] as const;

function tableOf(load: Load, rounds: Rounds<Delayed>): Table {
  const [ours, theirs] = namesOf(load);
  const pooled = [ours, theirs].map((name) => (rounds.get(name) ?? []).flatMap(({ overheads }) => overheads));
  return {
    title: load.name,
    columns: ["", "BotFactory", "grammY", "ratio by round"],
    rows: [
      ...FIGURES.map(([name, pick]) => {
        const [mine, other] = [over(rounds, ours, pick), over(rounds, theirs, pick)];
        return [name, spread(mine), spread(other), spread(ratios(mine, other))];
      }),
      [`delay p99 of all ${pooled[0]?.length} updates, ms`, ...pooled.map((all) => figure(percentile(all, 0.99))), ""],
    ],
    note: "BotFactory is five services and the log's server; the database and Keycloak are not counted.",
  };
}

function goalsOf(load: Load, rounds: Rounds<Delayed>): Goal[] {
  const [ours, theirs] = namesOf(load);
  const ratio = (pick: (one: Delayed) => number) => ratios(over(rounds, ours, pick), over(rounds, theirs, pick));
  const [p50, p99] = [ratio((one) => one.p50), ratio((one) => one.p99)];
  const absolute = median(over(rounds, ours, (one) => one.p50));
  const goals: Goal[] = [
    {
      id: "G4",
      goal: `delay at ${load.name}: p50 ≤ 2 × grammY and ≤ 15 ms, p99 ≤ 3 × grammY`,
      measured: `${figure(absolute)} ms; p50 ${spread(p50)}; p99 ${spread(p99)}`,
      met: median(p50) <= 2 && median(p99) <= 3 && absolute <= 15,
    },
  ];
  return load.aSecond === 40 ? [...goals, ...goalsAtForty(ours, theirs, rounds)] : goals;
}

function goalsAtForty(ours: string, theirs: string, rounds: Rounds<Delayed>): Goal[] {
  const ratio = (pick: (one: Delayed) => number) => ratios(over(rounds, ours, pick), over(rounds, theirs, pick));
  const [ack, cpu, pss] = [ratio((one) => one.ackP99), ratio((one) => one.cpuMs), ratio((one) => one.pss)];
  const ackMs = median(over(rounds, ours, (one) => one.ackP99));
  return [
    {
      id: "G2",
      goal: "200 at 40/s: p99 ≤ 0.1 × grammY and ≤ 50 ms",
      measured: `${figure(ackMs)} ms; ${spread(ack)}`,
      met: median(ack) <= 0.1 && ackMs <= 50,
    },
    { id: "G5", goal: "CPU per update at 40/s ≤ 3 × grammY", measured: spread(cpu), met: median(cpu) <= 3 },
    { id: "G5", goal: "memory (PSS) of all services ≤ 6 × grammY", measured: spread(pss), met: median(pss) <= 6 },
  ];
}
