import { describe, expect, it } from "@jest/globals";
import type { QuotaLimits } from "../src/domain/ledger.ts";
import { limitsOf } from "../src/quota-limits.ts";
import { exactQuota } from "./exact-quota.ts";

const limits: QuotaLimits = { ...limitsOf({ GEMINI_RPM: 60, GEMINI_RPD: 100 }), windowMs: 3_000 };

describe("a thousand calls at once on four processes, one with a clock an hour ahead, one killed in between", () => {
  it("are never more than a window or a day has, and what was reserved but not made died with the process", async () => {
    const { calls, granted, inFlightAtKill, outcomes, busiestWindow } = await exactQuota({
      limits,
      requests: 1_000,
      owners: 40,
      killAfter: 40,
    });
    expect(busiestWindow).toBeLessThanOrEqual(limits.callsAWindow);
    // The dead process's places stay taken for as long as its calls might last: the others may get none before they give up.
    expect(granted).toBeLessThanOrEqual(limits.callsADay);
    expect(granted - calls).toBeLessThanOrEqual(inFlightAtKill);
    const { answered = 0, ai_rate_day: day = 0, ai_rate_minute: minute = 0 } = outcomes;
    expect(answered).toBeLessThanOrEqual(granted);
    expect(day + minute).toBeGreaterThan(500);
  }, 240_000);
});
