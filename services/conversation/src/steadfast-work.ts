import { DomainError } from "@botfactory/decider";
import type { Logger } from "@botfactory/service-kit";
import { NatsError } from "nats";
import type { ChatPlace } from "./chat-place.ts";
import type { ChatOutcome, ChatWork } from "./chat-work.ts";

/** As the outcome of the work; `failed` counts towards giving up. */
export type AttemptOutcome =
  | Exclude<ChatOutcome, { kind: "later" }>
  | { readonly kind: "later"; readonly ms: number; readonly failed: boolean };

/** One try at a chat that failed `failures` times in a row; never rejects. */
export type Attempt = (place: ChatPlace, failures: number) => Promise<AttemptOutcome>;

export interface SteadfastOptions {
  readonly work: ChatWork;
  /** Sets aside what the chat cannot get past. */
  readonly quarantine: (place: ChatPlace, attempts: number) => Promise<void>;
  readonly logger: Logger;
}

const MOST_ATTEMPTS = 5;
const LONGEST_PAUSE_MS = 10_000;

/**
 * Waits out what is away (the log, bots, ai) however long it takes; what fails otherwise is set aside at the fifth time,
 * so that the chat goes on.
 */
export function steadfast({ work, quarantine, logger }: SteadfastOptions): Attempt {
  return async function attempt(place, failures) {
    try {
      const outcome = await work(place);
      return outcome.kind === "later" ? { ...outcome, failed: false } : outcome;
    } catch (error) {
      const pause = { kind: "later", ms: Math.min(LONGEST_PAUSE_MS, 200 * 2 ** failures), failed: true } as const;
      if (isOutage(error)) {
        logger.warn({ err: error, ...place }, "a neighbour is away, the chat waits");
        return pause;
      }
      logger.error({ err: error, ...place, failures }, "a turn failed");
      if (failures + 1 < MOST_ATTEMPTS) return pause;
      return setAside(place, failures + 1);
    }
  };

  async function setAside(place: ChatPlace, attempts: number): Promise<AttemptOutcome> {
    try {
      await quarantine(place, attempts);
      return { kind: "later", ms: 0, failed: false };
    } catch (error) {
      logger.error({ err: error, ...place }, "a turn could not be set aside");
      return { kind: "later", ms: LONGEST_PAUSE_MS, failed: true };
    }
  }
}

/** Away, or not letting us in: nothing is wrong with the turn. */
function isOutage(error: unknown): boolean {
  if (error instanceof NatsError) return true;
  if (!(error instanceof DomainError)) return false;
  return error.kind === "unavailable" || error.kind === "unauthenticated" || error.kind === "forbidden";
}
