import type { AiConfig } from "./config.ts";
import type { QuotaLimits } from "./domain/ledger.ts";
import { GEMINI_TIMEOUT_MS } from "./gemini.ts";
import { BEGIN_WITHIN_MS } from "./reserve-call.ts";

/** What this installation's settings mean for its ledgers. */
export function limitsOf({ GEMINI_RPM, GEMINI_RPD }: Pick<AiConfig, "GEMINI_RPM" | "GEMINI_RPD">): QuotaLimits {
  return {
    callsAWindow: GEMINI_RPM,
    windowMs: 60_000,
    callsADay: GEMINI_RPD,
    beginWithinMs: BEGIN_WITHIN_MS,
    longestCallMs: BEGIN_WITHIN_MS + GEMINI_TIMEOUT_MS + 1_000,
    clockErrorMs: 250,
  };
}
