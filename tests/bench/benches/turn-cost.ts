import { cpuSeconds } from "../harness/process-tree.ts";
import type { Product } from "../harness/product.ts";
import { type StreamSize, sizeOf } from "../harness/streams.ts";
import { pidsByService } from "./service-memory.ts";

const STREAMS = ["UPDATES", "CONVERSATIONS", "QUOTAS"] as const;

/** What one turn wrote and took. */
export interface TurnCost {
  readonly turns: number;
  /** CPU seconds per 1,000 turns by service. */
  readonly cpu: ReadonlyMap<string, number>;
  /** Messages and bytes per turn by stream. */
  readonly written: ReadonlyMap<string, StreamSize>;
}

/** Runs turns and divides what was used meanwhile by their number. */
export async function spentBy(product: Product, turns: number, run: () => Promise<void>): Promise<TurnCost> {
  const before = await used(product);
  await run();
  const after = await used(product);
  const cpu = [...after.cpu].map(([name, seconds]) => {
    return [name, ((seconds - (before.cpu.get(name) ?? 0)) * 1000) / turns] as const;
  });
  const written = [...after.streams].map(([name, { messages, bytes }]) => {
    const former = before.streams.get(name) ?? { messages: 0, bytes: 0 };
    return [name, { messages: (messages - former.messages) / turns, bytes: (bytes - former.bytes) / turns }] as const;
  });
  return { turns, cpu: new Map(cpu), written: new Map(written) };
}

async function used(product: Product) {
  const cpu = pidsByService(product).map(async ([name, pids]) => [name, await cpuSeconds(pids)] as const);
  const streams = STREAMS.map(async (name) => [name, await sizeOf(product.nats, name)] as const);
  return { cpu: new Map(await Promise.all(cpu)), streams: new Map(await Promise.all(streams)) };
}
