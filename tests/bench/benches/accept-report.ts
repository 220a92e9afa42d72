import type { Goal, Report, Table } from "../harness/report.ts";
import { over, type Rounds } from "../harness/rounds.ts";
import { figure, median, ratios, spread } from "../harness/statistics.ts";
import {
  type Accepted,
  BATCH,
  BUSY,
  CONNECTIONS,
  EXPRESS,
  GRAMMY,
  GRPC,
  nameAt,
  OURS,
  PROTOTYPE,
  PUBLISH,
  USUAL,
} from "./accept-systems.ts";

const SYSTEMS = [OURS, PROTOTYPE, GRAMMY, EXPRESS, PUBLISH, BATCH, GRPC];

export function acceptReport(rounds: Rounds<Accepted>): Report {
  const at = (system: string, connections: number, pick: (measured: Accepted) => number) =>
    over(rounds, nameAt(system, connections), pick);
  const table = (title: string, cell: (system: string, connections: number) => string): Table => ({
    title,
    columns: ["", ...CONNECTIONS.map((connections) => `${connections} connections`)],
    rows: SYSTEMS.map((system) => [system, ...CONNECTIONS.map((connections) => cell(system, connections))]),
  });
  const rate = ({ aSecond }: Accepted) => aSecond;
  const cpu = SYSTEMS.slice(0, 4).map((system) => [system, spread(at(system, USUAL, (one) => one.cpuMicros ?? 0))]);
  const ratioTo = (other: string, ours = OURS) => ratios(at(ours, USUAL, rate), at(other, USUAL, rate));
  const pairs = [
    ["BotFactory / prototype", PROTOTYPE, OURS],
    ["BotFactory / grammY", GRAMMY, OURS],
    ["BotFactory / Express answering 200", EXPRESS, OURS],
    ["BotFactory with consumers busy / stopped", OURS, BUSY],
  ] as const;
  return {
    tables: [
      table("Accepted a second", (system, connections) => spread(at(system, connections, rate))),
      table("Time until 200, p50 / p99 in ms (medians of the rounds)", (system, connections) => {
        const [p50, p99] = [at(system, connections, (one) => one.p50), at(system, connections, (one) => one.p99)];
        return `${figure(median(p50))} / ${figure(median(p99))}`;
      }),
      {
        title: `Ratios of accepted a second, ${USUAL} connections`,
        columns: ["", "median of the rounds"],
        rows: pairs.map(([name, other, ours]) => [name, spread(ratioTo(other, ours))]),
      },
      {
        title: `CPU time per update, µs, ${USUAL} connections`,
        columns: ["", "µs"],
        rows: cpu,
        note: "BotFactory and the prototype with the log's server; grammY with the whole answer, as it answers last. Consumers stopped.",
      },
    ],
    goals: goals(ratioTo(PROTOTYPE), ratioTo(GRAMMY), ratioTo(OURS, BUSY)),
  };
}

function goals(toPrototype: readonly number[], toGrammy: readonly number[], busy: readonly number[]): Goal[] {
  const goal = (id: string, text: string, { measured, least }: { measured: readonly number[]; least: number }) => ({
    id,
    goal: text,
    measured: spread(measured),
    met: median(measured) >= least,
  });
  return [
    goal("G1", "accepted a second ≥ 0.8 × the prototype's ingress", { measured: toPrototype, least: 0.8 }),
    goal("G1", "accepted a second ≥ 5 × grammY", { measured: toGrammy, least: 5 }),
    goal("G3", "accepted a second with the consumers busy ≥ 0.5 × with them stopped", { measured: busy, least: 0.5 }),
  ];
}
