/** What goes wrong outside, as shares of calls from 0 to 1. */
export interface Weather {
  /** sendMessage answered 429 with a `retry_after` of a second, every second time 500. */
  readonly failedSends: number;
  /** Calls of the model answered 429, to be asked again after a second. */
  readonly refusedCalls: number;
}

export const FAIR_WEATHER: Weather = { failedSends: 0, refusedCalls: 0 };

/** An answer that says no. */
export interface Refusal {
  readonly status: number;
  readonly body: string;
}

const RETRY_AFTER_S = 1;

/** Decides which calls fail, evenly spread, and notes who did not wait as told. */
export function weatherStation() {
  let weather = FAIR_WEATHER;
  let [sends, failures, calls, early] = [0, 0, 0, 0];
  const notBefore = new Map<string, number>();

  return {
    /** From now on; counts begin anew. */
    turn(to: Weather): void {
      weather = to;
      [sends, failures, calls, early] = [0, 0, 0, 0];
    },
    /** sendMessage calls that came before their `retry_after` was over. */
    early: () => early,

    send(chat: string): Refusal | undefined {
      sends += 1;
      if (performance.now() < (notBefore.get(chat) ?? 0)) early += 1;
      notBefore.delete(chat);
      if (!isDue(sends, weather.failedSends)) return undefined;
      failures += 1;
      if (failures % 2 === 0) return { status: 500, body: telegramError(500, "Internal Server Error") };
      notBefore.set(chat, performance.now() + RETRY_AFTER_S * 1_000);
      return { status: 429, body: telegramError(429, "Too Many Requests", { retry_after: RETRY_AFTER_S }) };
    },

    call(): Refusal | undefined {
      calls += 1;
      return isDue(calls, weather.refusedCalls) ? { status: 429, body: modelBusy } : undefined;
    },
  };
}

/** Whether the nth of calls of which that share fails is one that does. */
function isDue(nth: number, share: number): boolean {
  return Math.floor(nth * share) > Math.floor((nth - 1) * share);
}

function telegramError(error_code: number, description: string, parameters?: { readonly retry_after: number }): string {
  return JSON.stringify({ ok: false, error_code, description, ...(parameters && { parameters }) });
}

const modelBusy = JSON.stringify({
  error: {
    code: 429,
    status: "RESOURCE_EXHAUSTED",
    message: "You exceeded your current quota",
    details: [
      {
        "@type": "type.googleapis.com/google.rpc.QuotaFailure",
        violations: [{ quotaId: "GenerateRequestsPerMinutePerProjectPerModel-FreeTier" }],
      },
      { "@type": "type.googleapis.com/google.rpc.RetryInfo", retryDelay: `${RETRY_AFTER_S}s` },
    ],
  },
});
