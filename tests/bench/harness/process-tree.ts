import { readdir, readFile } from "node:fs/promises";

/** What one process has used so far, from /proc/<pid>/stat. */
interface Stat {
  readonly pid: number;
  readonly parent: number;
  readonly seconds: number;
}

// USER_HZ, fixed at 100 for every architecture node runs on.
const TICKS_A_SECOND = 100;
// Fields after the name, which may hold spaces: state is field 3, ppid 4, utime 14, stime 15, cutime 16, cstime 17.
const PARENT = 4 - 3;
const TIMES = [14 - 3, 15 - 3, 16 - 3, 17 - 3];

/** CPU seconds of processes and everything below them, ended children included. */
export async function cpuSeconds(roots: readonly number[]): Promise<number> {
  const stats = await withChildren(roots);
  return stats.reduce((sum, { seconds }) => sum + seconds, 0);
}

export interface Memory {
  /** Resident, MiB; pages shared with others count in each. */
  readonly rss: number;
  /** Proportional, MiB; a page shared by n counts 1/n. */
  readonly pss: number;
}

/** Memory of processes and everything below them. */
export async function memory(roots: readonly number[]): Promise<Memory> {
  const stats = await withChildren(roots);
  const each = await Promise.all(stats.map(({ pid }) => memoryOf(pid)));
  return each.reduce((sum, { rss, pss }) => ({ rss: sum.rss + rss, pss: sum.pss + pss }), { rss: 0, pss: 0 });
}

async function memoryOf(pid: number): Promise<Memory> {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, "utf8").catch(() => "");
  const mib = (field: string) => Number(new RegExp(`^${field}:\\s+(\\d+) kB`, "m").exec(rollup)?.[1] ?? 0) / 1024;
  return { rss: mib("Rss"), pss: mib("Pss") };
}

async function withChildren(roots: readonly number[]): Promise<Stat[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const all = (await Promise.all(pids.map(statOf))).filter((stat) => stat !== undefined);
  const wanted = new Set(roots);
  for (let before = 0; before < wanted.size; ) {
    before = wanted.size;
    for (const { pid, parent } of all) if (wanted.has(parent)) wanted.add(pid);
  }
  return all.filter(({ pid }) => wanted.has(pid));
}

async function statOf(pid: string): Promise<Stat | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const ticks = TIMES.reduce((sum, index) => sum + Number(fields[index]), 0);
  return { pid: Number(pid), parent: Number(fields[PARENT]), seconds: ticks / TICKS_A_SECOND };
}
