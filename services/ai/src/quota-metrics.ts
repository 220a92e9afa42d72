import { metrics } from "@opentelemetry/api";
import { freeCalls } from "./domain/free-calls.ts";
import type { QuotaLimits } from "./domain/ledger.ts";
import { pacificDay } from "./domain/pacific-day.ts";
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
        const isOut = ledger.dayLimitUntil > at;
        const today = isOut ? limits.callsADay : (ledger.days.get(pacificDay(at)) ?? 0);
        result.observe(freeCalls(limits, ledger, at), { project, model, window: "minute" });
        result.observe(Math.max(0, limits.callsADay - today), { project, model, window: "day" });
      }
    });
}
