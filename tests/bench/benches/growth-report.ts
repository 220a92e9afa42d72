import type { Report, Table } from "../harness/report.ts";
import { figure, median, ratios, spread } from "../harness/statistics.ts";
import type { AtSize } from "./growth.ts";
import type { Rebuilt } from "./rebuilt.ts";

export function growthReport(sizes: readonly AtSize[], rebuilds: readonly Rebuilt[]): Report {
  const share = ratios(
    rebuilds.map(({ rebuild }) => rebuild),
    rebuilds.map(({ replay }) => replay),
  );
  const slowed = ratios(
    rebuilds.map(({ acks }) => acks.meanwhile),
    rebuilds.map(({ acks }) => acks.alone),
  );
  const slowest = slowestPages(sizes);
  return {
    tables: [pagesTable(sizes), tableTable(sizes), rebuildTable(rebuilds, share), acksTable(rebuilds, slowed)],
    goals: [
      {
        id: "G12",
        goal: "rebuild ≥ 0.25 × a plain ordered replay of the same events",
        measured: spread(share),
        met: median(share) >= 0.25,
      },
      {
        id: "G12",
        goal: "posts are taken meanwhile: p99 ≤ 2 × without",
        measured: spread(slowed),
        met: median(slowed) <= 2,
      },
      {
        id: "G14",
        goal: `pages with ${titleOf(sizes.at(-1))}: p95 ≤ 3 × with ${titleOf(sizes[0])} and ≤ 200 ms, ≤ 200 KB`,
        measured: `worst ${figure(slowest.ratio)} ×, ${figure(slowest.p95)} ms, ${figure(slowest.bytes / 1024)} KB`,
        met: slowest.ratio <= 3 && slowest.p95 <= 200 && slowest.bytes <= 200 * 1024,
      },
    ],
  };
}

const titleOf = (at: AtSize | undefined) =>
  `${at?.size.bots.toLocaleString("en-US")} bots and ${at?.size.messages.toLocaleString("en-US")} messages`;

function slowestPages(sizes: readonly AtSize[]) {
  const pages = [...(sizes.at(-1)?.pages ?? [])];
  const before = sizes[0]?.pages;
  return {
    ratio: Math.max(...pages.map(([name, { p95 }]) => p95 / (before?.get(name)?.p95 ?? p95))),
    p95: Math.max(...pages.map(([, { p95 }]) => p95)),
    bytes: Math.max(...pages.map(([, { bytes }]) => bytes)),
  };
}

function pagesTable(sizes: readonly AtSize[]): Table {
  const names = [...(sizes.at(-1)?.pages.keys() ?? [])];
  const cell = ({ pages }: AtSize, name: string) => {
    const page = pages.get(name);
    if (page === undefined) return "";
    const { p50, p95, bytes } = page;
    return `${figure(p50)} / ${figure(p95)} (${figure(bytes / 1024)} KB)`;
  };
  return {
    title: "The console's API through web, p50 / p95 in ms, 4 readers",
    columns: ["page", ...sizes.map(titleOf)],
    rows: names.map((name) => [name, ...sizes.map((at) => cell(at, name))]),
    note: "One size after the other, not in one loop: they are one database. A tenth of the messages is in the chat that is read.",
  };
}

function tableTable(sizes: readonly AtSize[]): Table {
  return {
    title: "ingress with its table of bots",
    columns: ["bots", "start to readiness, ms", "RSS, MiB"],
    rows: sizes.map(({ size, table }) => [size.bots.toLocaleString("en-US"), spread(table.ms), spread(table.rss)]),
    note: "Readiness is asked every 100 ms.",
  };
}

function rebuildTable(rebuilds: readonly Rebuilt[], share: readonly number[]): Table {
  const ofCeiling = ratios(
    rebuilds.map(({ rebuild }) => rebuild),
    rebuilds.map(({ inserts }) => inserts),
  );
  return {
    title: `Rebuild of conversation's documents from ${rebuilds[0]?.events.toLocaleString("en-US")} events`,
    columns: ["", "events/s"],
    rows: [
      ["plain ordered replay", spread(rebuilds.map(({ replay }) => replay))],
      ["rebuild", spread(rebuilds.map(({ rebuild }) => rebuild))],
      ["ceiling: its documents inserted as they are", spread(rebuilds.map(({ inserts }) => inserts))],
      ["rebuild / replay", spread(share)],
      ["rebuild / ceiling", spread(ofCeiling)],
    ],
    note: "The ceiling has no index, reads nothing and keeps no checkpoint; it is told in events, as the others.",
  };
}

function acksTable(rebuilds: readonly Rebuilt[], slowed: readonly number[]): Table {
  return {
    title: "Posts, 50 a second, until their 200",
    columns: ["", "p99, ms"],
    rows: [
      ["alone", spread(rebuilds.map(({ acks }) => acks.alone))],
      ["while the documents are rebuilt", spread(rebuilds.map(({ acks }) => acks.meanwhile))],
      ["ratio", spread(slowed)],
    ],
  };
}
