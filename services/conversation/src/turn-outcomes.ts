import { metrics } from "@opentelemetry/api";

/** What a turn came to for now. */
export type TurnOutcome =
  | { readonly kind: "over" }
  /** To be gone on with after a while, by this worker. */
  | { readonly kind: "later"; readonly ms: number };

export const OVER: TurnOutcome = { kind: "over" };

const turns = metrics
  .getMeter("@botfactory/conversation")
  .createCounter("botfactory.conversation.turns", { description: "Turns that ended, by how, and doubts on the way." });

export function countTurn(
  outcome: "sent" | "refused" | "undeliverable" | "quarantined" | "doubted" | "taken_over",
): void {
  turns.add(1, { outcome });
}
