import { DomainError } from "@botfactory/decider";
import { LogDamaged } from "@botfactory/event-store";
import type { Logger } from "@botfactory/service-kit";
import { NatsError } from "nats";
import type { ChatPlace } from "./chat-place.ts";
import type { ChatOutcome, ChatWork } from "./chat-work.ts";

/** What went wrong with a chat since it last got on; only failures count towards giving up. */
export interface Setbacks {
  readonly failures: number;
  readonly outages: number;
}

export const NO_SETBACKS: Setbacks = { failures: 0, outages: 0 };

/** As the outcome of the work; `setbacks` are for the next try. */
export type AttemptOutcome =
  | Exclude<ChatOutcome, { kind: "later" }>
  | { readonly kind: "later"; readonly ms: number; readonly setbacks: Setbacks };

/** One try at a chat; never rejects. */
export type Attempt = (place: ChatPlace, setbacks: Setbacks) => Promise<AttemptOutcome>;

export interface SteadfastOptions {
  readonly work: ChatWork;
  /** Sets aside what the chat cannot get past. */
  readonly quarantine: (place: ChatPlace, attempts: number) => Promise<void>;
  readonly logger: Logger;
}

const MOST_ATTEMPTS = 5;
const LONGEST_PAUSE_MS = 10_000;
// Nothing heals by itself; soon enough after the log was restored.
const LOOK_AT_DAMAGE_AGAIN_MS = 30_000;

/**
 * Waits out what is away (the log, bots, ai) however long it takes; what fails otherwise is set aside at the fifth time,
 * so that the chat goes on. A chat whose log is damaged waits, its updates stay where they are and nothing is answered from
 * what may be wrong.
 */
export function steadfast({ work, quarantine, logger }: SteadfastOptions): Attempt {
  return async function attempt(place, { failures, outages }) {
    try {
      const outcome = await work(place);
      return outcome.kind === "later" ? { ...outcome, setbacks: NO_SETBACKS } : outcome;
    } catch (error) {
      if (error instanceof LogDamaged) {
        logger.error(
          { err: error, damage: error.damage, ...place },
          "the log is damaged, the chat waits for an operator",
        );
        return { kind: "later", ms: LOOK_AT_DAMAGE_AGAIN_MS, setbacks: { failures, outages } };
      }
      if (isOutage(error)) {
        logger.warn({ err: error, ...place }, "a neighbour is away, the chat waits");
        return { kind: "later", ms: pauseAfter(outages), setbacks: { failures, outages: outages + 1 } };
      }
      logger.error({ err: error, ...place, failures }, "a turn failed");
      if (failures + 1 >= MOST_ATTEMPTS) return setAside(place, failures);
      return { kind: "later", ms: pauseAfter(failures), setbacks: { failures: failures + 1, outages: 0 } };
    }
  };

  async function setAside(place: ChatPlace, failures: number): Promise<AttemptOutcome> {
    try {
      await quarantine(place, failures + 1);
      return { kind: "later", ms: 0, setbacks: NO_SETBACKS };
    } catch (error) {
      logger.error({ err: error, ...place }, "a turn could not be set aside");
      return { kind: "later", ms: LONGEST_PAUSE_MS, setbacks: { failures: failures + 1, outages: 0 } };
    }
  }
}

function pauseAfter(setbacks: number): number {
  return Math.min(LONGEST_PAUSE_MS, 200 * 2 ** setbacks);
}

/** Away, or not letting us in: nothing is wrong with the turn. */
function isOutage(error: unknown): boolean {
  if (error instanceof NatsError) return true;
  if (!(error instanceof DomainError)) return false;
  return error.kind === "unavailable" || error.kind === "unauthenticated" || error.kind === "forbidden";
}
