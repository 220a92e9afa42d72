import { setTimeout as after } from "node:timers/promises";
import { reasonOf } from "./reason.ts";

/** What one check found; a failed one says what to do. */
export type Finding =
  | { readonly verdict: "PASS" | "SKIP"; readonly what: string; readonly found: string }
  | { readonly verdict: "FAIL"; readonly what: string; readonly found: string; readonly remedy: string };

/** No dependency may hold the command up for longer. */
export const ANSWER_WITHIN_MS = 5_000;

export const passed = (what: string, found: string): Finding => ({ verdict: "PASS", what, found });
export const skipped = (what: string, found: string): Finding => ({ verdict: "SKIP", what, found });
export const failed = (what: string, found: string, remedy: string): Finding => ({
  verdict: "FAIL",
  what,
  found,
  remedy,
});

export interface Check {
  readonly what: string;
  /** What to do when there is no answer at all. */
  readonly remedy: string;
  readonly run: () => Promise<Finding>;
}

/** Runs one check; one that throws, or has no answer in time, has failed. */
export async function examine({ what, remedy, run }: Check): Promise<Finding> {
  try {
    return await inTime(run());
  } catch (error) {
    return failed(what, reasonOf(error), remedy);
  }
}

/** The work's result, or an error after five seconds; the work itself is left to end by its own time-outs. */
export async function inTime<Result>(work: Promise<Result>): Promise<Result> {
  const timer = new AbortController();
  const tooLate = after(ANSWER_WITHIN_MS, undefined, { signal: timer.signal }).then(() => {
    throw new Error(`no answer within ${ANSWER_WITHIN_MS / 1000} s`);
  });
  tooLate.catch(() => undefined);
  try {
    return await Promise.race([work, tooLate]);
  } finally {
    timer.abort();
  }
}
