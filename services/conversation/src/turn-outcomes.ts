import type { TurnUpdate } from "@botfactory/proto/events/v1/conversation";
import type { Logger } from "@botfactory/service-kit";
import { metrics } from "@opentelemetry/api";
import type { ChatPlace } from "./chat-place.ts";

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

/** What may happen to a turn, as the log says it. */
const SENTENCES = {
  sent: "a reply was sent",
  refused: "a refusal was sent",
  undeliverable: "a reply could not be delivered",
  quarantined: "updates were set aside",
  doubted: "Telegram may have a part of a reply, or not",
  taken_over: "a turn was taken over",
} as const;
type Outcome = keyof typeof SENTENCES;
// What begins at 1 has not increased for Prometheus, and the first one that is set aside would alert nobody.
for (const outcome of Object.keys(SENTENCES)) turns.add(0, { outcome });

/** A turn, or updates that never became one. */
export interface TurnInChat {
  readonly place: ChatPlace;
  readonly turn: { readonly turnId?: string; readonly updates: readonly Pick<TurnUpdate, "updateId">[] };
}

/** What happened. */
export interface TurnRecord {
  readonly outcome: Outcome;
  /** One of the product's codes, where there is one. */
  readonly cause?: string;
  /** For the log alone: free text is no label. */
  readonly detail?: string;
}

/** Counts what happened to a turn and says so. */
export function recordTurn(logger: Logger, of: TurnInChat, { outcome, cause = "", detail }: TurnRecord): void {
  const labels = cause === "" ? { outcome } : { outcome, cause };
  turns.add(1, labels);
  logger.info({ ...namesOf(of), ...labels, detail }, SENTENCES[outcome]);
}

/** By what a line about a turn is found: its bot, its chat, its updates. */
export function namesOf({ place, turn: { turnId, updates } }: TurnInChat): object {
  return { ...place, updateIds: idsOf(updates), ...(turnId === undefined ? {} : { turnId, ms: ageOf(turnId) }) };
}

export function idsOf(updates: TurnInChat["turn"]["updates"]): readonly string[] {
  return updates.map(({ updateId }) => updateId);
}

/** Of a turn whose reply Telegram has. */
export function timeTurn(turnId: string): void {
  durations.record(ageOf(turnId) / 1_000);
}

function ageOf(turnId: string): number {
  return Math.max(0, Date.now() - bornAt(turnId));
}

/** When an UUID of version 7 was made, Unix ms: its first 48 bits (RFC 9562). */
function bornAt(uuid: string): number {
  return Number.parseInt(uuid.replace("-", "").slice(0, 12), 16);
}
