import { writeSync } from "node:fs";
import type { CrashPoint } from "./crash-point.ts";

const [point = "", passes = "1"] = (process.env["CRASH_AT"] ?? "").split(":");
const STDERR = 2;
let left = Number(passes);

/** Kills the process with SIGKILL at the nth pass of the point that `CRASH_AT=<point>:<n>` names. */
export function crashPoint(name: CrashPoint): void {
  if (name !== point) return;
  left -= 1;
  if (left !== 0) return;
  // A stream would lose the line: nothing of this process runs after the next one.
  writeSync(STDERR, `${JSON.stringify({ msg: "crashed as told", crashAt: name })}\n`);
  process.kill(process.pid, "SIGKILL");
}
