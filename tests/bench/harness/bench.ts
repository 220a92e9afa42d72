import type { Progress } from "@botfactory/infrastructure";
import type { World } from "../world/world.ts";
import type { Product } from "./product.ts";
import type { Report } from "./report.ts";

/** What a bench runs with. */
export interface BenchContext {
  readonly rounds: number;
  /** The large sizes: 100,000 turns, 1 M messages. */
  readonly full: boolean;
  readonly progress: Progress;
  readonly world: World;
  /** The whole product; started once for all benches that want it. */
  product(): Promise<Product>;
}

/** One entry of the menu. */
export interface Bench {
  readonly name: string;
  readonly title: string;
  /** Roughly, with 5 rounds on 2 cores, start of the product not counted. */
  readonly minutes: number;
  run(context: BenchContext): Promise<Report>;
}
