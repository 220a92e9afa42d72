import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

const BUILT = resolve(fileURLToPath(import.meta.url), "../../../../.botfactory/monitoring-tools");

/** Where `tools/monitoring/build.sh` leaves a program. */
export function toolPath(name: "prometheus" | "promtool" | "otel-collector"): string {
  return `${BUILT}/${name}`;
}

/** How a run of promtool ended, and everything it said. */
export interface PromtoolRun {
  readonly isFine: boolean;
  readonly said: string;
}

/** Runs promtool; a failure of what it checks is an answer, not an error. Not started or killed, it has not answered. */
export function promtool(args: readonly string[], input = ""): Promise<PromtoolRun> {
  return new Promise((done, failed) => {
    const child = execFile(toolPath("promtool"), args, (error, stdout, stderr) => {
      if (error !== null && typeof error.code !== "number") {
        failed(new Error(`promtool did not end by itself: ${error.signal ?? error.code}`, { cause: error }));
      } else done({ isFine: error === null, said: `${error?.message ?? ""}\n${stdout}${stderr}` });
    });
    child.stdin?.end(input);
  });
}
