import { setTimeout as after } from "node:timers/promises";

/** A named condition of readiness: it fails by `false`, by throwing, or by taking longer than a second. */
export type ReadinessChecks = Readonly<Record<string, () => unknown>>;

/** Whether a process takes work: what it needs, and whether it is about to end. */
export interface Readiness {
  readonly checks: ReadinessChecks;
  /** Once aborted, the process is not ready, so that no new work arrives; usually `lifecycle().stopping`. */
  readonly stopping?: AbortSignal;
}

// Kubernetes gives a probe one second unless told otherwise.
const CHECK_TIMEOUT_MS = 1_000;

/** What keeps the process from taking work right now, by name; nothing when it is ready. */
export async function whyNotReady({ checks, stopping }: Readiness): Promise<readonly string[]> {
  return stopping?.aborted ? ["stopping"] : failingChecks(checks);
}

/** Names of the checks that fail, all asked side by side. */
async function failingChecks(checks: ReadinessChecks): Promise<readonly string[]> {
  const results = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => ((await passes(check)) ? [] : [name])),
  );
  return results.flat();
}

async function passes(check: () => unknown): Promise<boolean> {
  const timeout = new AbortController();
  const tooLate = after(CHECK_TIMEOUT_MS, false, { signal: timeout.signal });
  try {
    const result = await Promise.race([Promise.resolve().then(check), tooLate]);
    return result !== false;
  } catch {
    // Why it fails stays in the service's own log: a probe's answer is readable by everyone in the cluster.
    return false;
  } finally {
    timeout.abort();
  }
}
