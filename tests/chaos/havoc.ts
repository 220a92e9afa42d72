import type { Fault } from "./doubles.ts";
import { type Deed, havocPlan, type PlanOptions } from "./havoc-plan.ts";
import type { Random } from "./seeded.ts";
import { REPLICAS, type StormProcess, type StormStack } from "./storm-stack.ts";
import { untilReady } from "./supervisor.ts";

/** What was done; `log` stands for the NATS server, whose faults excuse nothing. */
export type Done = Fault & { readonly process: string };

export interface Havoc {
  readonly done: readonly Done[];
  /** Resolves when everything runs again. */
  readonly over: Promise<void>;
}

export interface HavocOptions extends Omit<PlanOptions, "replicas"> {
  readonly random: Random;
}

/** Kills, stops and cuts off by plan; what is down is left until it is up again. */
export function wreakHavoc({ processes, log }: StormStack, { random, ...wish }: HavocOptions): Havoc {
  const done: Done[] = [];
  const busy = new Set<string>();
  const begun = Date.now();
  const over = Promise.all(
    havocPlan(random, { ...wish, replicas: REPLICAS }).map(async (deed) => {
      await pause(begun + deed.at - Date.now());
      // One deed at a time on one target; the next waits for it.
      while (busy.has(deed.target)) await pause(100);
      busy.add(deed.target);
      await carryOut(deed).finally(() => busy.delete(deed.target));
    }),
  ).then(() => undefined);
  return { done, over };

  async function carryOut({ kind, target, forMs }: Deed): Promise<void> {
    const note = (at: number, until: number) => void done.push({ kind, process: target, at, until });
    if (target === "log") {
      const at = Date.now();
      await log.kill(forMs);
      return note(at, Date.now());
    }
    const process = processes.find(({ label }) => label === target);
    if (process === undefined) throw new Error(`the storm has no ${target}`);
    // One that has just ended by itself could not be hit.
    if (process.pid() === undefined) await untilReady(process);
    const at = Date.now();
    if (kind === "kill") {
      note(at, at);
      return kill(process, forMs);
    }
    await (kind === "stop" ? stop(process, forMs) : cut(process, forMs));
    note(at, Date.now());
  }
}

async function kill(process: StormProcess, forMs: number): Promise<void> {
  await process.end("SIGKILL");
  await pause(forMs);
  // One that had just ended by itself was started by the supervisor meanwhile.
  if (process.pid() === undefined) await process.start();
  await untilReady(process);
}

async function stop(process: StormProcess, forMs: number): Promise<void> {
  const pid = process.pid();
  if (pid === undefined) return;
  globalThis.process.kill(pid, "SIGSTOP");
  await pause(forMs);
  globalThis.process.kill(pid, "SIGCONT");
}

async function cut({ toLog }: StormProcess, forMs: number): Promise<void> {
  toLog.cut(forMs);
  await pause(forMs);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
