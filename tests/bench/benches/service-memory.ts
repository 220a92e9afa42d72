import { memory } from "../harness/process-tree.ts";
import type { Product } from "../harness/product.ts";

export const SERVICES = ["ingress", "conversation", "ai", "bots", "web"] as const;
export const LOG = "NATS server";

/** Resident memory in MiB by service; the log's server among them where it is ours. */
export type MemoryByService = ReadonlyMap<string, number>;

/** Memory after so many turns. */
export interface Sample {
  readonly turns: number;
  readonly memory: MemoryByService;
}

export function pidsByService(product: Product): [string, number[]][] {
  const services = SERVICES.map((name): [string, number[]] => [name, product.pids(name)]);
  return [
    ...services,
    ...(product.natsPid === undefined ? [] : [[LOG, [product.natsPid]] satisfies [string, number[]]]),
  ];
}

export async function memoryByService(product: Product): Promise<MemoryByService> {
  const each = pidsByService(product).map(async ([name, pids]) => [name, (await memory(pids)).rss] as const);
  return new Map(await Promise.all(each));
}
