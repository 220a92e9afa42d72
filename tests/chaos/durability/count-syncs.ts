import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";

const CALLS = "fsync,fdatasync,sync_file_range,msync";

/** Counts how often the processes tell the kernel to bring a file to the disk while `work` runs, by strace. */
export async function countSyncs(pids: readonly number[], work: () => Promise<void>): Promise<number> {
  const args = ["-f", "-c", "-e", `trace=${CALLS}`, ...pids.flatMap((pid) => ["-p", `${pid}`])];
  const tracer = spawn("strace", args, { stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  tracer.stderr.setEncoding("utf8").on("data", (text: string) => {
    said += text;
  });
  await attached(tracer, () => said);
  await work();
  const gone = once(tracer, "exit");
  tracer.kill("SIGINT");
  await gone;
  return calls(said);
}

async function attached(tracer: ChildProcess, said: () => string): Promise<void> {
  const failed = new Promise<never>((_, reject) => {
    tracer.once("error", () => reject(new Error("strace is not here: install it (Debian: apt install strace)")));
    tracer.once("exit", () => reject(new Error(`strace could not attach: ${said()}`)));
  });
  const ready = (async () => {
    while (!said().includes("attached")) await once(tracer.stderr ?? tracer, "data");
  })();
  await Promise.race([ready, failed]);
}

/** The calls of strace's table: % time, seconds, usecs/call, calls, errors, syscall. */
function calls(table: string): number {
  const rows = table.split("\n").map((row) => row.trim().split(/\s+/));
  return rows.reduce((sum, row) => (CALLS.split(",").includes(row.at(-1) ?? "") ? sum + Number(row[3]) : sum), 0);
}
