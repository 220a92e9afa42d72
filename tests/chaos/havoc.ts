import type { Fault } from "./doubles.ts";
import type { Random } from "./seeded.ts";
import type { StormProcess, StormStack } from "./storm-stack.ts";
import { untilReady } from "./supervisor.ts";

/** Longer than a claim lives (presence key: 3 s). */
const STOPPED_MS = 8_000;
// The senders and the log are where messages could be lost; the others are hit too.
const WEIGHTS = { ingress: 3, conversation: 6, ai: 3, bots: 2, web: 1, log: 3 } as const;

export interface Havoc {
  /** What happened to processes, for the checker and for people. */
  readonly faults: readonly (
    | Fault
    | { readonly kind: "log-kill"; readonly process: "log"; readonly at: number; readonly until: number }
  )[];
  /** Resolves when everything runs again. */
  readonly over: Promise<void>;
}

export interface HavocOptions {
  readonly random: Random;
  /** kill -9 in all; a fifth as many stops and a tenth as many cuts come on top. */
  readonly kills: number;
  readonly withinMs: number;
}

/** Kills, stops and cuts off, at random times and targets; what is down is left until it is up again. */
export function wreakHavoc(storm: StormStack, { random, kills, withinMs }: HavocOptions): Havoc {
  const faults: Havoc["faults"][number][] = [];
  const busy = new Set<string>();
  const deeds = [
    ...Array.from({ length: kills }, () => kill),
    ...Array.from({ length: Math.ceil(kills / 5) }, () => stop),
    ...Array.from({ length: Math.ceil(kills / 10) }, () => cut),
  ];
  const over = Promise.all(
    deeds.map(async (deed) => {
      await pause(random.between(0, withinMs));
      await deed();
    }),
  ).then(() => undefined);
  return { faults, over };

  async function kill(): Promise<void> {
    const name = weighted(random);
    if (name === "log") return killLog();
    await once(targetOf(name), async (process) => {
      const at = Date.now();
      faults.push({ kind: "kill", process: process.label, at, until: at });
      await process.end("SIGKILL");
      if (random.isTrue(0.5)) await pause(random.between(0, 3_000));
      await process.start();
      await untilReady(process);
    });
  }

  async function killLog(): Promise<void> {
    await held("log", async () => {
      const at = Date.now();
      await storm.log.kill(random.isTrue(0.5) ? 0 : random.between(0, 3_000));
      faults.push({ kind: "log-kill", process: "log", at, until: Date.now() });
    });
  }

  async function stop(): Promise<void> {
    await once(
      targetOf(random.isTrue(0.7) ? "conversation" : random.one(["ai", "bots", "ingress"])),
      async (process) => {
        const pid = process.pid();
        if (pid === undefined) return;
        const at = Date.now();
        globalThis.process.kill(pid, "SIGSTOP");
        await pause(STOPPED_MS);
        globalThis.process.kill(pid, "SIGCONT");
        faults.push({ kind: "stop", process: process.label, at, until: Date.now() });
      },
    );
  }

  async function cut(): Promise<void> {
    await once(random.one(storm.processes), async ({ toLog, label }) => {
      const [at, ms] = [Date.now(), random.isTrue(0.5) ? 0 : random.between(0, 6_000)];
      toLog.cut(ms);
      await pause(ms);
      faults.push({ kind: "cut", process: label, at, until: Date.now() });
    });
  }

  function targetOf(name: string): StormProcess {
    return random.one(storm.processes.filter((process) => process.name === name));
  }

  async function once(process: StormProcess, deed: (process: StormProcess) => Promise<void>): Promise<void> {
    await held(process.label, () => deed(process));
  }

  /** One deed at a time on one target; the next waits for it. */
  async function held(target: string, deed: () => Promise<void>): Promise<void> {
    while (busy.has(target)) await pause(100);
    busy.add(target);
    try {
      await deed();
    } finally {
      busy.delete(target);
    }
  }
}

function weighted(random: Random): keyof typeof WEIGHTS {
  const names: (keyof typeof WEIGHTS)[] = ["ingress", "conversation", "ai", "bots", "web", "log"];
  return random.one(names.flatMap((name) => Array.from({ length: WEIGHTS[name] }, () => name)));
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
