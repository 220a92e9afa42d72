import { z } from "zod";

/** What the stand-in does with one request instead of answering as usual. */
export const scriptedSchema = z.strictObject({
  kind: z.enum([
    "answer",
    "max-tokens",
    "safety",
    "prompt-blocked",
    "empty",
    "no-candidates",
    "rate-minute",
    "rate-day",
    "key-invalid",
    "model-retired",
    "overloaded",
    "internal",
    "hang",
    "break-off",
    "raw",
  ]),
  /** The answer's text for `answer`, `max-tokens` and `break-off`. */
  text: z.string().optional(),
  /** Only for requests whose body contains this text. */
  when: z.string().optional(),
  /** For how many requests; 1 unless said. */
  times: z.number().int().positive().default(1),
  /** Waits before the first byte, besides the stand-in's own latency. */
  afterMs: z.number().int().nonnegative().default(0),
  /** What RetryInfo says for `rate-minute`. */
  retryAfterSeconds: z.number().nonnegative().default(30),
  /** Status and JSON body for `raw`. */
  status: z.number().int().default(200),
  body: z.unknown().optional(),
});

export type ScriptedWish = z.input<typeof scriptedSchema>;
export type Scripted = z.output<typeof scriptedSchema>;

/** One wish or several. */
export const wishesSchema = z.preprocess((wishes) => [wishes].flat(), z.array(scriptedSchema));

/** Scripted behaviour in order; the first that fits a request is used up by it. */
export function script() {
  let waiting: Scripted[] = [];
  return {
    add: (wishes: readonly Scripted[]) => {
      waiting.push(...wishes.map((wish) => ({ ...wish })));
    },
    clear: () => {
      waiting = [];
    },
    next(body: string): Scripted | undefined {
      const fitting = waiting.find(({ when }) => when === undefined || body.includes(when));
      if (fitting === undefined) return undefined;
      fitting.times -= 1;
      waiting = waiting.filter(({ times }) => times > 0);
      return fitting;
    },
  };
}
