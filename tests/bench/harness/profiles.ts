import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Progress } from "@botfactory/infrastructure";
import { z } from "zod";
import type { StackOptions } from "../../../tools/cli/src/stack.ts";
import { REPOSITORY } from "../../setup/repository.ts";
import { REPORTS } from "./kept-reports.ts";

const PROFILES = join(REPORTS, "profiles");
const MOST_LINES = 15;

const profile = z.object({
  nodes: z.array(z.object({ id: z.number(), callFrame: z.object({ functionName: z.string(), url: z.string() }) })),
  samples: z.array(z.number()),
  timeDeltas: z.array(z.number()),
});

const isWanted = () => process.env["PROFILE"] === "1";

/** What to start services with so that each writes a CPU profile of its life; nothing unless asked for by PROFILE=1. */
export async function profiling(): Promise<Pick<StackOptions, "env" | "nodeOptions">> {
  if (!isWanted()) return { env: {} };
  await rm(PROFILES, { recursive: true, force: true });
  await mkdir(PROFILES, { recursive: true });
  const preload = join(REPOSITORY, "tests", "bench", "rivals", "dist", "profiler.js");
  return { env: { PROFILES }, nodeOptions: ["--import", preload] };
}

/** Says where each profiled process spent its time, by package. */
export async function sayProfiles(progress: Progress): Promise<void> {
  for (const name of isWanted() ? await readdir(PROFILES) : []) {
    const { nodes, samples, timeDeltas } = profile.parse(JSON.parse(await readFile(join(PROFILES, name), "utf8")));
    const placeOf = new Map(nodes.map(({ id, callFrame }) => [id, place(callFrame)]));
    const micros = new Map<string, number>();
    for (const [index, sample] of samples.entries()) {
      const where = placeOf.get(sample) ?? "";
      micros.set(where, (micros.get(where) ?? 0) + (timeDeltas[index] ?? 0));
    }
    micros.delete("(idle)");
    const busy = [...micros.values()].reduce((sum, time) => sum + time, 0);
    const share = ([where, time]: [string, number]) => `${((100 * time) / busy).toFixed(1)} % ${where}`;
    const longest = [...micros].sort(([, a], [, b]) => b - a).slice(0, MOST_LINES);
    progress(`${name}: busy ${(busy / 1e6).toFixed(1)} s: ${longest.map(share).join(", ")}`);
  }
}

/** The package a function belongs to, or the function where it is none's. */
function place({ functionName, url }: { readonly functionName: string; readonly url: string }): string {
  const installed = /.*node_modules\/(@[^/]+\/[^/]+|[^/]+)/.exec(url)?.[1];
  const ours = /\/((?:services|packages)\/[^/]+|proto)\//.exec(url)?.[1];
  return installed ?? ours ?? (url || functionName);
}
