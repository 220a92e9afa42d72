import { once } from "node:events";
import autocannon from "autocannon";
import type { Webhook } from "../world/post.ts";
import { textUpdate } from "../world/updates.ts";
import { cpuSeconds } from "./process-tree.ts";
import { percentile } from "./statistics.ts";

export interface FloodOptions {
  readonly connections: number;
  /** Either so long, s, … */
  readonly seconds?: number;
  /** … or so many updates. */
  readonly amount?: number;
  /** Processes whose CPU time is counted. */
  readonly pids: readonly number[];
}

/** What came of a closed-loop flood of updates. */
export interface Flood {
  readonly aSecond: number;
  /** Times until 200, ms. */
  readonly p50: number;
  readonly p99: number;
  /** CPU time of the counted processes per update, µs. */
  readonly cpuMicros: number;
}

const CHATS = 3_000;

/** autocannon with an update of its own in every request. Throws when nothing was accepted. */
export async function flood(webhook: Webhook, options: FloodOptions): Promise<Flood> {
  const { connections, seconds, amount, pids } = options;
  const cpuBefore = await cpuSeconds(pids);
  const begun = performance.now();
  const times: number[] = [];
  const refusals = new Set<number>();
  const running = autocannon(
    {
      url: webhook.url,
      connections,
      ...(amount === undefined ? { duration: seconds ?? 2 } : { amount }),
      requests: [
        {
          method: "POST",
          headers: { ...webhook.headers, "content-type": "application/json" },
          setupRequest: (request) => ({ ...request, body: textUpdate(1 + Math.floor(Math.random() * CHATS)).body }),
        },
      ],
    },
    () => undefined,
  );
  // autocannon's own histogram knows whole milliseconds only.
  // biome-ignore lint/complexity/useMaxParams: autocannon's own event
  running.on("response", (_client, status, _bytes, ms) => {
    if (status === 200) times.push(ms);
    else refusals.add(status);
  });
  await once(running, "done");
  const passed = (performance.now() - begun) / 1000;
  const cpu = (await cpuSeconds(pids)) - cpuBefore;
  // What a busy system refuses, or answers too late, is not counted; one that refuses everything is set up wrongly.
  if (times.length === 0 && refusals.size > 0) throw new Error(`${webhook.url} answered ${[...refusals].join(", ")}`);
  return {
    aSecond: times.length / (seconds ?? passed),
    p50: percentile(times, 0.5),
    p99: percentile(times, 0.99),
    cpuMicros: (cpu * 1e6) / Math.max(1, times.length),
  };
}
