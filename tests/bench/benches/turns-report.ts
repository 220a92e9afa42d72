import type { Goal, Report, Table } from "../harness/report.ts";
import { over, type Rounds } from "../harness/rounds.ts";
import { figure, median, ratios, spread } from "../harness/statistics.ts";
import type { MemoryByService, Sample } from "./service-memory.ts";
import type { TurnCost } from "./turn-cost.ts";
import type { TurnLoad } from "./turns.ts";

export interface TurnsMeasured {
  readonly loads: readonly TurnLoad[];
  readonly measured: Rounds<number>;
  readonly idle: MemoryByService;
  readonly cost: TurnCost;
  readonly samples: readonly Sample[];
}

export function turnsReport(all: TurnsMeasured): Report {
  return { tables: [throughput(all), cost(all.cost), written(all.cost), growth(all)], goals: scaling(all) };
}

const at = ({ measured }: TurnsMeasured, name: string) => over(measured, name, (aSecond) => aSecond);

function throughput(all: TurnsMeasured): Table {
  const rows = all.loads.map(({ name, modelMs, processes }) => {
    const single = all.loads.find((load) => load.modelMs === modelMs && load.processes === 1);
    const toOne = ratios(at(all, name), at(all, single?.name ?? name));
    return [modelMs === 0 ? "none" : `${modelMs / 1000} s`, String(processes), spread(at(all, name)), spread(toOne)];
  });
  return {
    title: "Turns a second, webhook to reply",
    columns: ["model's time", "processes of conversation", "turns/s", "× one process"],
    rows,
    note: "Without model time the two cores are the limit, shared with the generator. With 4 s the bound of 64 model calls in flight per process is: at most 16/s each.",
  };
}

function cost({ cpu, turns }: TurnCost): Table {
  const total = [...cpu.values()].reduce((sum, seconds) => sum + seconds, 0);
  return {
    title: `CPU seconds per 1,000 turns, over ${figure(turns)} turns at full load`,
    columns: ["", "s"],
    rows: [...[...cpu].map(([name, seconds]) => [name, figure(seconds)]), ["all", figure(total)]],
    note: "Projections are in, the database server is not.",
  };
}

function written({ written: streams }: TurnCost): Table {
  return {
    title: "Written per turn",
    columns: ["stream", "messages", "bytes"],
    rows: [...streams].map(([name, { messages, bytes }]) => [name, figure(messages), figure(bytes)]),
  };
}

function growth({ idle, samples }: TurnsMeasured): Table {
  const names = [...idle.keys()];
  return {
    title: "Memory (RSS, MiB) while one process of each answers",
    columns: ["", "idle", ...samples.map(({ turns }) => `${figure(turns)} turns`)],
    rows: names.map((name) => [
      name,
      ...[idle, ...samples.map(({ memory }) => memory)].map((one) => figure(one.get(name) ?? 0)),
    ]),
  };
}

function scaling(all: TurnsMeasured): Goal[] {
  const toOne = (processes: number) => ratios(at(all, `model 4 s, ${processes}`), at(all, "model 4 s, 1"));
  return [
    [2, 1.7],
    [4, 3],
  ].map(([processes = 0, least = 0]) => ({
    id: "G8",
    goal: `turns a second with ${processes} processes ≥ ${least} × one, the model being what is waited for`,
    measured: spread(toOne(processes)),
    met: median(toOne(processes)) >= least,
  }));
}
