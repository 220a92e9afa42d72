import { DomainError } from "@botfactory/decider";
import { metrics } from "@opentelemetry/api";
import type { ChainBreak } from "./event-chain.ts";
import { LogUnavailable } from "./log-unavailable.ts";

/** What is wrong with a log. */
export type DamageReason =
  | ChainBreak
  /** The log ends before an event that was known to be in it. */
  | "rolled-back"
  /** The log has another event where a known one was. */
  | "replaced"
  /** The stream says itself that messages are gone. */
  | "holes"
  /** The log was restored after this process had read from it: it must be started again. */
  | "restored"
  | "undecodable"
  /** The decider's `evolve` threw. */
  | "unfoldable";

/** Where a log is damaged; `subject` is absent when the whole stream is, the others when not known. */
export interface Damage {
  readonly stream?: string;
  readonly reason: DamageReason;
  readonly subject?: string;
  /** The first version that is not what it should be. */
  readonly version?: number | undefined;
  readonly sequence?: number | undefined;
}

const damages = metrics.getMeter("@botfactory/event-store").createCounter("botfactory.log.damage", {
  description: "Reads and appends refused because the log is damaged, by stream and reason.",
});

/**
 * The log is not what was written to it: whoever decides on it must stop. Shown to people as `log_damaged` only; `damage`
 * is for the log. Each one made counts in the metric `botfactory.log.damage`.
 */
export class LogDamaged extends DomainError {
  readonly damage: Damage;

  constructor(damage: Damage, cause?: unknown) {
    super("unavailable", "log_damaged", { cause: new Error(wordsOf(damage), { cause }) });
    this.damage = damage;
    damages.add(1, { stream: damage.stream ?? "", reason: damage.reason });
  }
}

/** It looks like damage, but a replica that lags or an append under way looks the same: worth a second look. */
export class DamageSuspected extends LogUnavailable {
  readonly damage: Damage;

  constructor(damage: Damage) {
    super(wordsOf(damage));
    this.damage = damage;
  }
}

/** Believes a suspicion that `askLog` could not dispel by asking again. */
export async function orDamaged<Answer>(answer: Promise<Answer>): Promise<Answer> {
  try {
    return await answer;
  } catch (error) {
    const cause = error instanceof DomainError ? error.cause : undefined;
    if (cause instanceof DamageSuspected) throw new LogDamaged(cause.damage, cause);
    throw error;
  }
}

function wordsOf({ stream = "", reason, subject, version, sequence }: Damage): string {
  const where = [subject, version && `version ${version}`, sequence && `sequence ${sequence}`].filter(Boolean);
  return [`the log ${stream} is damaged (${reason})`, ...where].join(", ");
}
