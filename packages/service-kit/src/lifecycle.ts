import { setTimeout as after } from "node:timers/promises";
import type { Logger } from "./logger.ts";
import { flushTelemetry } from "./telemetry-state.ts";

/** How a process ends. */
export interface LifecycleOptions {
  readonly logger: Logger;
  /** Time for all steps together, ms; default 80,000, under the 90 s Kubernetes gives the pod. */
  readonly deadlineMs?: number;
  /** Time between "not ready" and the first step, ms, for load balancers to notice; default 0. */
  readonly propagationMs?: number;
}

/** The process from its start to its end. */
export interface Lifecycle {
  /** Aborted at SIGTERM or SIGINT: take no new work. */
  readonly stopping: AbortSignal;
  /** Resolves when every step has run; the process then ends by itself. */
  readonly stopped: Promise<void>;
  /** Registers a step; steps run one after another, the last registered first, as the connections were opened. */
  onStop(name: string, step: () => unknown): void;
  /** Stops as a signal would. */
  stop(reason: string): void;
}

type Step = readonly [name: string, run: () => unknown];

// Handles that keep a finished process alive are a bug, and Kubernetes would wait for it until its kill.
const LINGER_MS = 2_000;

/**
 * Waits for SIGTERM or SIGINT, then: `stopping`, the steps, the last spans. A step that throws is logged and does not
 * stop the others; at the deadline the rest is dropped and the exit code is 1. Errors nobody caught are logged redacted
 * and end the process the same way with exit code 1.
 */
export function lifecycle(options: LifecycleOptions): Lifecycle {
  const { logger } = options;
  const stopping = new AbortController();
  const steps: Step[] = [];
  const stopped = aborted(stopping.signal).then(() => drain(options, steps));

  function stop(reason: string): void {
    if (stopping.signal.aborted) return;
    logger.info({ reason }, "stopping");
    stopping.abort(new Error(`stopping: ${reason}`));
  }
  function crash(error: unknown): void {
    logger.fatal({ err: error }, "crashed");
    process.exitCode = 1;
    stop("crash");
  }

  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
  // Rejections nobody handled arrive here too, by Node's default.
  process.on("uncaughtException", crash);
  return { stopping: stopping.signal, stopped, onStop: (name, run) => steps.unshift([name, run]), stop };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}

async function drain(
  { logger, deadlineMs = 80_000, propagationMs = 0 }: LifecycleOptions,
  steps: Step[],
): Promise<void> {
  const inTime = new AbortController();
  const late = after(deadlineMs, "late", { signal: inTime.signal });
  const outcome = await Promise.race([runAll(logger, propagationMs, steps), late]);
  inTime.abort();
  if (outcome === "late") {
    logger.error({ deadlineMs }, "stopped before everything was done");
    process.exitCode = 1;
  }
  logger.info("stopped");
  setTimeout(() => exitLate(logger), LINGER_MS).unref();
}

async function runAll(logger: Logger, propagationMs: number, steps: Step[]): Promise<void> {
  if (propagationMs > 0) await after(propagationMs);
  for (const [name, run] of [...steps, ["telemetry", flushTelemetry] satisfies Step]) {
    try {
      await run();
    } catch (error) {
      logger.error({ err: error, step: name }, "a step of stopping failed");
    }
  }
}

function exitLate(logger: Logger): void {
  logger.warn({ holding: process.getActiveResourcesInfo() }, "something kept the process alive");
  process.exit();
}
