import { mkdir, readFile, writeFile } from "node:fs/promises";
import { cpus, release, totalmem } from "node:os";
import { join } from "node:path";
import { REPOSITORY } from "../../setup/repository.ts";
import type { KeptReport } from "./report.ts";

/** Where reports are kept between runs. */
export const REPORTS = join(REPOSITORY, ".botfactory", "bench");

export async function keepReport(report: KeptReport): Promise<void> {
  await mkdir(REPORTS, { recursive: true });
  await writeFile(join(REPORTS, `${report.name}.json`), `${JSON.stringify(report, null, 2)}\n`);
}

/** The last report of a bench, of this run or an earlier one. */
export async function keptReport(name: string): Promise<KeptReport | undefined> {
  try {
    return JSON.parse(await readFile(join(REPORTS, `${name}.json`), "utf8"));
  } catch {
    return undefined;
  }
}

/** What the figures were measured on. */
export function machine(): string {
  const [cpu] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${cpus().length} × ${cpu?.model.trim() ?? "unknown CPU"}, ${memory} GiB, Linux ${release()}, Node ${process.versions.node}`;
}
