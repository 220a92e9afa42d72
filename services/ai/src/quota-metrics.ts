import { metrics } from "@opentelemetry/api";
import { freeCalls, freeToday } from "./domain/free-calls.ts";
import type { QuotaLimits } from "./domain/ledger.ts";
import type { Ledgers } from "./ledgers.ts";

export interface ObserveQuotasDeps {
  readonly ledgers: Ledgers;
  readonly limits: QuotaLimits;
  readonly now: () => number;
}

/** Shows at /metrics how many calls this process believes each project and model has left, now and today. */
export function observeQuotas({ ledgers, limits, now }: ObserveQuotasDeps): void {
  metrics
    .getMeter("@botfactory/ai")
    .createObservableGauge("botfactory.ai.quota.free", {
      description: "Calls left by the ledger as this process read it last: of the minute (window) and of the day.",
    })
    .addCallback((result) => {
      for (const { project, model, ledger } of ledgers.remembered()) {
        const at = Math.max(now(), ledger.at);
        const today = ledger.dayLimitUntil > at ? 0 : Math.max(0, freeToday(limits, ledger, at));
        result.observe(freeCalls(limits, ledger, at), { project, model, window: "minute" });
        result.observe(today, { project, model, window: "day" });
      }
    });
}
