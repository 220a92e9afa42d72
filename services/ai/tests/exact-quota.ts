import type { QuotaLimits } from "../src/domain/ledger.ts";
import { says } from "./gemini-script.ts";
import { type AiProcess, spawnAi } from "./spawn-ai.ts";
import { answer, busiestWindow, request, stage, until } from "./stage.ts";

/** A thousand calls at once on four ai processes, one of them with a clock an hour off. */
export interface ExactQuotaOptions {
  readonly limits: QuotaLimits;
  readonly requests: number;
  readonly owners: number;
  /** kill -9 of the first process after so many calls. */
  readonly killAfter?: number;
}

export interface ExactQuotaFigures {
  /** How the requests ended. */
  readonly outcomes: Readonly<Record<string, number>>;
  /** Calls Gemini's stand-in saw. */
  readonly calls: number;
  readonly busiestWindow: number;
  /** Calls the ledger counts. */
  readonly granted: number;
  /** Calls under way at the kill, those of the other processes among them. */
  readonly inFlightAtKill: number;
  readonly seconds: number;
}

const PROCESSES = 4;
const ANSWER_MS = 50;

export async function exactQuota(options: ExactQuotaOptions): Promise<ExactQuotaFigures> {
  const { limits, requests, owners, killAfter } = options;
  const scene = await stage();
  const isOff = (index: number) => index === PROCESSES - 1;
  const processes = await Promise.all(
    Array.from({ length: PROCESSES }, (_, index) =>
      spawnAi(scene.config, { limits, ...(isOff(index) ? { clockIsOff: "ahead" as const } : {}) }),
    ),
  );
  try {
    scene.google.always(async (response, incoming) => {
      await new Promise((resolve) => setTimeout(resolve, ANSWER_MS));
      await says("yes")(response, incoming);
    });
    const clients = processes.map((one) => scene.client(one));
    const since = performance.now();
    let answered = 0;
    const ends = Array.from({ length: requests }, async (_, index) => {
      const asking = clients[index % PROCESSES];
      if (asking === undefined) throw new Error("no client");
      try {
        await answer(asking.generate(request({ ownerId: `owner${index % owners}`, chargeKey: `bot:${index}` })));
        answered += 1;
        return "answered";
      } catch (error) {
        return codeOf(error);
      }
    });
    let inFlightAtKill = 0;
    if (killAfter !== undefined) {
      await until(() => scene.google.seen.length >= killAfter);
      await processes[0]?.kill();
      inFlightAtKill = scene.google.seen.length - answered;
    }
    const outcomes = countOf(await Promise.all(ends));
    return {
      outcomes,
      calls: scene.google.seen.length,
      busiestWindow: busiestWindow(
        scene.google.seen.map(({ at }) => at),
        limits.windowMs,
      ),
      granted: await scene.granted(limits),
      inFlightAtKill,
      seconds: Math.round((performance.now() - since) / 1_000),
    };
  } finally {
    await Promise.all(processes.map((one: AiProcess) => one.kill()));
    await scene.close();
  }
}

function codeOf(error: unknown): string {
  return typeof error === "object" && error !== null && "code" in error ? String(error.code) : "failed";
}

function countOf(names: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}
