import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const REPORTS = fileURLToPath(new URL("../../../.botfactory/fuzz/", import.meta.url));
const USUAL_SEED = 20_261_122;

/** How many inputs a part takes: few in `make test`, all in `make fuzz` (FUZZ=full), or as many as COUNT says. */
export interface Counts {
  readonly short: number;
  readonly full: number;
}

/** The seed every part draws from; the same seed makes the same inputs. */
export function seedOfRun(): number {
  return Number(process.env["SEED"] || USUAL_SEED);
}

export function isFull(): boolean {
  return process.env["FUZZ"] === "full";
}

export function countOf({ short, full }: Counts): number {
  return Number(process.env["COUNT"]) || (isFull() ? full : short);
}

/** Time for a part's test, ms; a full run may take as long as it takes. */
export function timeFor(shortMs: number): number {
  return isFull() ? 3_600_000 : shortMs;
}

/** Says what a part did, and keeps it beside the others' for whoever reads them all. */
export function report(part: string, figures: Readonly<Record<string, unknown>>): void {
  const line = JSON.stringify({ part, seed: seedOfRun(), ...figures });
  mkdirSync(REPORTS, { recursive: true });
  writeFileSync(join(REPORTS, `${part}.json`), `${line}\n`);
  if (isFull()) process.stderr.write(`${line}\n`);
}

/** Seconds since the moment it was made, to a tenth. */
export function stopwatch(): () => number {
  const begun = performance.now();
  return () => Math.round((performance.now() - begun) / 100) / 10;
}
