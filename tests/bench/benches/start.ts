import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { boundToParent, freePort } from "@botfactory/infrastructure";
import { HEAP_LIMIT, SERVICES, type ServiceName, serviceProgram } from "../../../tools/cli/src/service-process.ts";
import { REPOSITORY } from "../../setup/repository.ts";
import type { Bench } from "../harness/bench.ts";
import { memory } from "../harness/process-tree.ts";
import type { Product } from "../harness/product.ts";
import { type Contender, interleaved, over } from "../harness/rounds.ts";
import { median, ratios, spread } from "../harness/statistics.ts";

interface Started {
  /** From the start of the process to its first 200, ms. */
  readonly ms: number;
  /** Resident memory a second later, MiB. */
  readonly rss: number;
}

const BARE = "bare node, an HTTP server";
const LOOK_EVERY_MS = 5;
const GIVE_UP_MS = 60_000;
const IDLE_MS = 1_000;

/** How soon each service is ready, and what it takes doing nothing. */
export const start: Bench = {
  name: "start",
  title: "Start and idle memory",
  minutes: 2,
  async run({ product: started, rounds, progress }) {
    const product = await started();
    const contenders: Contender<Started>[] = [
      { name: BARE, measure: startBare },
      ...SERVICES.map((name) => ({ name, measure: () => startService(product, name) })),
    ];
    const measured = await interleaved(contenders, rounds, progress);
    const bare = { ms: over(measured, BARE, ({ ms }) => ms), rss: over(measured, BARE, ({ rss }) => rss) };
    const rows = contenders.map(({ name }) => {
      const [times, sizes] = [over(measured, name, ({ ms }) => ms), over(measured, name, ({ rss }) => rss)];
      const slower = ratios(times, bare.ms);
      const larger = ratios(sizes, bare.rss);
      return { name, slower, larger, cells: [spread(times), spread(slower), spread(sizes), spread(larger)] };
    });
    const worst = (ratio: "slower" | "larger") => Math.max(...rows.map((row) => median(row[ratio])));
    return {
      tables: [
        {
          title: "From the start of the process to readiness",
          columns: ["", "ready, ms", "× bare node", "idle RSS, MiB", "× bare node"],
          rows: rows.map(({ name, cells }) => [name, ...cells]),
          note: "Beside the running product, so with one core busy at times; readiness is asked every 5 ms.",
        },
      ],
      goals: [
        goal("each service is ready within 4 × bare node's start", worst("slower"), 4),
        goal("each service takes idle ≤ 2.5 × bare node's memory", worst("larger"), 2.5),
      ],
    };
  },
};

function goal(text: string, worst: number, most: number) {
  return { id: "G15", goal: text, measured: `worst ${worst.toFixed(2)} ×`, met: worst <= most };
}

async function startService({ stack }: Product, name: ServiceName): Promise<Started> {
  const [port, adminPort] = [await freePort(), await freePort()];
  const env = { ...stack.env, OTEL_SERVICE_NAME: name, PORT: `${port}`, ADMIN_PORT: `${adminPort}` };
  return timed([HEAP_LIMIT, serviceProgram(name)], { env, url: `http://127.0.0.1:${adminPort}/readyz` });
}

async function startBare(): Promise<Started> {
  const port = await freePort();
  const program = `require("node:http").createServer((_, response) => response.end()).listen(${port})`;
  return timed(["-e", program], { env: process.env, url: `http://127.0.0.1:${port}/` });
}

async function timed(args: string[], { env, url }: { env: NodeJS.ProcessEnv; url: string }): Promise<Started> {
  const begun = performance.now();
  const child = spawn(...boundToParent(process.execPath, args), { cwd: REPOSITORY, env, stdio: "ignore" });
  try {
    while (!(await answers(url))) {
      if (child.exitCode !== null) throw new Error(`${args.join(" ")} ended with ${child.exitCode}`);
      if (performance.now() - begun > GIVE_UP_MS) throw new Error(`${args.join(" ")} was not ready within a minute`);
      await delay(LOOK_EVERY_MS);
    }
    const ms = performance.now() - begun;
    await delay(IDLE_MS);
    const { rss } = await memory(child.pid === undefined ? [] : [child.pid]);
    return { ms, rss };
  } finally {
    await end(child);
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, "exit");
  child.kill("SIGTERM");
  await gone;
}
