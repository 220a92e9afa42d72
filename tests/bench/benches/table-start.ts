import { memory } from "../harness/process-tree.ts";
import type { Product } from "../harness/product.ts";

/** How long ingress takes to start with its table, and what it then holds. */
export interface TableStart {
  readonly ms: readonly number[];
  readonly rss: readonly number[];
}

/** Starts ingress anew; its readiness means that it knows every registration. */
export async function tableStart(product: Product, rounds: number): Promise<TableStart> {
  const measured: { ms: number; rss: number }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    await product.scale("ingress", 0);
    const begun = performance.now();
    await product.scale("ingress", 1);
    const ms = performance.now() - begun;
    measured.push({ ms, rss: (await memory(product.pids("ingress"))).rss });
  }
  return { ms: measured.map(({ ms }) => ms), rss: measured.map(({ rss }) => rss) };
}
