import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { REPOSITORY } from "../../setup/repository.ts";
import type { Bench } from "./bench.ts";
import { keptReport } from "./kept-reports.ts";
import type { Goal, KeptReport, Table } from "./report.ts";

const PAGE = join(REPOSITORY, "docs", "benchmarks.md");
const BEGIN = "<!-- figures: written by make bench, from here -->";
const END = "<!-- figures: to here -->";

/** Writes every kept report into docs/benchmarks.md between the markers; the prose around them is people's. */
export async function writePage(benches: readonly Bench[]): Promise<string> {
  const reports = (await Promise.all(benches.map(({ name }) => keptReport(name)))).filter((kept) => kept !== undefined);
  const page = await readFile(PAGE, "utf8");
  const [before, after] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (before < 0 || after < before) throw new Error(`${PAGE} has lost its markers`);
  const figures = [goalsOf(reports), ...reports.map(section)].join("\n\n");
  await writeFile(PAGE, `${page.slice(0, before + BEGIN.length)}\n\n${figures}\n\n${page.slice(after)}`);
  return PAGE;
}

function goalsOf(reports: readonly KeptReport[]): string {
  const goals = reports.flatMap(({ goals: found = [] }) => found).sort((a, b) => order(a) - order(b));
  const rows = goals.map(({ id, goal, measured, met }) => [id, goal, measured, met ? "met" : "**not met**"]);
  return `### Goals\n\n${table({ title: "", columns: ["", "Goal", "Measured", ""], rows })}`;
}

const order = ({ id }: Goal) => Number(/\d+/.exec(id)?.[0] ?? 0);

function section({ name, title, at, rounds, seconds, machine, tables, failure }: KeptReport): string {
  const when = `${at.slice(0, 16).replace("T", " ")} UTC, ${rounds} rounds, ${seconds} s; ${machine}. \`make bench ONLY=${name}\``;
  const body = failure === undefined ? tables.map(titled) : [`This bench failed: ${failure}`];
  return [`### ${title}`, when, ...body].join("\n\n");
}

function titled(given: Table): string {
  return [`**${given.title}**`, table(given), ...(given.note === undefined ? [] : [given.note])].join("\n\n");
}

function table({ columns, rows }: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(columns), line(columns.map(() => "---")), ...rows.map(line)].join("\n");
}
