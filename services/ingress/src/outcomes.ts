import type { Logger } from "@botfactory/service-kit";
import { metrics } from "@opentelemetry/api";
import type { Taken } from "./update-log.ts";

/** What became of one post or one polled update. */
export type Outcome = Taken["outcome"] | "refused" | "unavailable";

const updates = metrics
  .getMeter("@botfactory/ingress")
  .createCounter("botfactory.ingress.updates", { description: "Updates received, by what became of them." });

const OUTCOMES: readonly Outcome[] = ["stored", "duplicate", "quarantined", "refused", "unavailable"];
// What begins at 1 has not increased for Prometheus.
for (const outcome of OUTCOMES) updates.add(0, { outcome });

/** Counts what the log has, and says so: where an update's way through the services begins. */
export function recordTaken(logger: Logger, botId: string, taken: Taken): void {
  countUpdate(taken.outcome);
  logger.info({ botId, ...taken }, "an update was taken");
}

export function countUpdate(outcome: Outcome): void {
  updates.add(1, { outcome });
}
