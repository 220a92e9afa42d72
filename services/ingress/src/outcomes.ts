import { metrics } from "@opentelemetry/api";
import type { Stored } from "./update-log.ts";

/** What became of one post or one polled update. */
export type Outcome = Stored | "refused" | "unavailable";

const updates = metrics
  .getMeter("@botfactory/ingress")
  .createCounter("botfactory.ingress.updates", { description: "Updates received, by what became of them." });

export function countUpdate(outcome: Outcome): void {
  updates.add(1, { outcome });
}
