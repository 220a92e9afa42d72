import type { StormProcess } from "./storm-stack.ts";

export interface Supervisor {
  /** Processes that ended although nobody had ended them, with their exit code or signal. */
  readonly crashes: readonly string[];
  /** To be called before the processes are stopped for good. */
  leave(): void;
}

const START_AGAIN_MS = 500;
const PROBE_EVERY_MS = 100;
// Generous: a busy machine is no failure of the product, a start that never ends is.
const READY_WITHIN_MS = 300_000;

/** Starts again what ends by itself, as Kubernetes does, and remembers it. */
export function supervise(processes: readonly StormProcess[]): Supervisor {
  const crashes: string[] = [];
  let isThere = true;
  for (const process of processes) {
    process.onCrash((code) => {
      crashes.push(`${process.label} (${code})`);
      setTimeout(() => {
        if (isThere && process.pid() === undefined) void process.start();
      }, START_AGAIN_MS);
    });
  }
  return {
    crashes,
    leave: () => {
      isThere = false;
    },
  };
}

/** Whether a process says that it is ready. */
export async function isReady(adminPort: number): Promise<boolean> {
  try {
    return (await fetch(`http://127.0.0.1:${adminPort}/readyz`, { signal: AbortSignal.timeout(1_000) })).ok;
  } catch {
    return false;
  }
}

/** Resolves when a process is ready, however often the supervisor has to start it. */
export async function untilReady({ label, adminPort }: StormProcess): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS;
  while (!(await isReady(adminPort))) {
    if (Date.now() > deadline) throw new Error(`${label} was not ready within ${READY_WITHIN_MS / 1_000} s`);
    await new Promise((resolve) => setTimeout(resolve, PROBE_EVERY_MS));
  }
}
