import { metrics } from "@opentelemetry/api";

/** What a turn came to for now. */
export type TurnOutcome =
  | { readonly kind: "over" }
  /** To be gone on with after a while, by this worker. */
  | { readonly kind: "later"; readonly ms: number };

export const OVER: TurnOutcome = { kind: "over" };

const meter = metrics.getMeter("@botfactory/conversation");
const turns = meter.createCounter("botfactory.conversation.turns", {
  description: "Turns that ended, by how and why, and doubts on the way.",
});
const durations = meter.createHistogram("botfactory.conversation.turn.duration", {
  unit: "s",
  description: "From the claim of a turn until Telegram has all of its reply, over all workers that had it.",
  advice: { explicitBucketBoundaries: [0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60, 120, 300] },
});

const OUTCOMES = ["sent", "refused", "undeliverable", "quarantined", "doubted", "taken_over"] as const;
// What begins at 1 has not increased for Prometheus, and the first one that is set aside would alert nobody.
for (const outcome of OUTCOMES) turns.add(0, { outcome });

/** `cause`: one of the product's codes, where there is one. */
export function countTurn(outcome: (typeof OUTCOMES)[number], cause = ""): void {
  turns.add(1, cause === "" ? { outcome } : { outcome, cause });
}

/** Of a turn whose reply Telegram has. */
export function timeTurn(turnId: string): void {
  durations.record(Math.max(0, Date.now() - bornAt(turnId)) / 1_000);
}

/** When an UUID of version 7 was made, Unix ms: its first 48 bits (RFC 9562). */
function bornAt(uuid: string): number {
  return Number.parseInt(uuid.replace("-", "").slice(0, 12), 16);
}
