import { type CallSettled, LimitScope } from "@botfactory/proto/events/v1/quota";
import { type Call, type Ledger, leavesAt, type QuotaFact, type QuotaLimits } from "./ledger.ts";
import { pacificDay } from "./pacific-day.ts";

export function evolveLedger(limits: QuotaLimits, ledger: Ledger, fact: QuotaFact): Ledger {
  switch (fact.case) {
    case "callsReserved": {
      const reservedAt = Number(fact.value.reservedAtUnixMs);
      const calls = fact.value.reservations.map(({ reservationId }): Call => ({ id: reservationId, reservedAt }));
      return withCalls(forgetting(limits, ledger, reservedAt), calls);
    }
    case "callSettled":
      return settled(ledger, fact.value);
    case "limitReported": {
      const until = Number(fact.value.retryAtUnixMs);
      const isDaily = fact.value.scope === LimitScope.DAY;
      return isDaily ? { ...ledger, dayLimitUntil: until } : { ...ledger, minuteLimitUntil: until };
    }
  }
}

function withCalls(ledger: Ledger, calls: readonly Call[]): Ledger {
  const days = calls.reduce((counted, { reservedAt }) => plusOne(counted, pacificDay(reservedAt)), ledger.days);
  return { ...ledger, calls: [...ledger.calls, ...calls], days };
}

function settled(ledger: Ledger, { reservationId, seenByUnixMs }: CallSettled): Ledger {
  const call = ledger.calls.find(({ id }) => id === reservationId);
  if (call === undefined || call.seenBy !== undefined) return ledger;
  const seenBy = Number(seenByUnixMs);
  const calls = ledger.calls.map((other) => (other === call ? { ...call, seenBy } : other));
  return { ...ledger, calls, days: alsoCountedOn(ledger.days, call, seenBy) };
}

/** What can no longer matter goes, so a ledger stays as small as its limits. */
function forgetting(limits: QuotaLimits, ledger: Ledger, at: number): Ledger {
  const [from, until] = [at - limits.longestCallMs - limits.clockErrorMs, at - limits.clockErrorMs];
  const calls = ledger.calls.filter((call) => leavesAt(limits, call) > until);
  // Calls whose process died count as seen at the last moment they could be.
  const lost = ledger.calls.filter((call) => call.seenBy === undefined && !calls.includes(call));
  const days = lost.reduce(
    (counted, call) => alsoCountedOn(counted, call, call.reservedAt + limits.longestCallMs),
    ledger.days,
  );
  return { ...ledger, calls, days: new Map([...days].filter(([day]) => day >= pacificDay(from))) };
}

/** A call reserved just before midnight may count in either day, so it counts in both. */
function alsoCountedOn(
  days: ReadonlyMap<string, number>,
  { reservedAt }: Call,
  seenBy: number,
): ReadonlyMap<string, number> {
  const day = pacificDay(seenBy);
  return day === pacificDay(reservedAt) ? days : plusOne(days, day);
}

function plusOne(days: ReadonlyMap<string, number>, day: string): ReadonlyMap<string, number> {
  return new Map([...days, [day, (days.get(day) ?? 0) + 1]]);
}
