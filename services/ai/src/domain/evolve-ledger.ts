import {
  type CallSettled,
  type CallsReserved,
  type LimitReported,
  LimitScope,
} from "@botfactory/proto/events/v1/quota";
import {
  gone,
  isInForce,
  type Ledger,
  leavesAt,
  type OpenCall,
  type QuotaFact,
  type QuotaLimits,
  seenAtLatest,
} from "./ledger.ts";
import { endOfPacificDay, pacificDay } from "./pacific-day.ts";

/**
 * A ledger after a fact the log stored at that moment. The log's moments count, never those of a process: of a process's
 * clock only differences are used.
 */
export function evolveLedger(limits: QuotaLimits, before: Ledger, { fact, storedAt }: StoredFact): Ledger {
  const ledger = { ...before, at: Math.max(before.at, storedAt) };
  switch (fact.case) {
    case "callsReserved":
      return isCounted(limits, fact.value, storedAt) ? reserved(limits, ledger, fact.value) : ledger;
    case "callSettled":
      return settled(limits, ledger, fact.value);
    case "limitReported":
      return limited(ledger, fact.value);
  }
}

export interface StoredFact {
  readonly fact: QuotaFact;
  /** Unix ms by the log. */
  readonly storedAt: number;
}

/** When the writer of a fact believed to write it, Unix ms. */
export function decidedAt({ case: kind, value }: QuotaFact): number {
  switch (kind) {
    case "callsReserved":
      return Number(value.reservedAtUnixMs);
    case "callSettled":
      return Number(value.settledAtUnixMs);
    case "limitReported":
      return Number(value.reportedAtUnixMs);
  }
}

function isCounted(limits: QuotaLimits, { reservedAtUnixMs }: CallsReserved, storedAt: number): boolean {
  return isInForce(limits, { decidedAt: Number(reservedAtUnixMs), storedAt });
}

function reserved(limits: QuotaLimits, ledger: Ledger, fact: CallsReserved): Ledger {
  const decidedAt = Number(fact.reservedAtUnixMs);
  const calls = fact.reservations.map(
    ({ reservationId, ownerId }): OpenCall => ({ id: reservationId, ownerId, reservedAt: ledger.at, decidedAt }),
  );
  const { days, open, ...rest } = forgetting(limits, ledger);
  return { ...rest, open: [...open, ...calls], days: plus(days, pacificDay(ledger.at), calls.length) };
}

function settled(limits: QuotaLimits, ledger: Ledger, { reservationId, seenByUnixMs }: CallSettled): Ledger {
  const call = ledger.open.find(({ id }) => id === reservationId);
  if (call === undefined) return ledger;
  const tookMs = Math.max(0, Number(seenByUnixMs) - call.decidedAt);
  const seenBy = Math.min(call.reservedAt + tookMs, ledger.at);
  const open = ledger.open.filter((other) => other !== call);
  const left = { ownerId: call.ownerId, leavesAt: leavesAt(limits, seenBy) };
  const before = gone(ledger.ended, left.leavesAt);
  const ended = [...ledger.ended.slice(0, before), left, ...ledger.ended.slice(before)];
  return { ...ledger, open, ended, days: alsoCountedOn(ledger.days, call, seenBy) };
}

function limited(ledger: Ledger, { scope, retryAtUnixMs, reportedAtUnixMs }: LimitReported): Ledger {
  if (scope === LimitScope.DAY) return { ...ledger, dayLimitUntil: endOfPacificDay(toldAt(ledger, reportedAtUnixMs)) };
  // Versions before 0.2 did not tell when.
  if (reportedAtUnixMs === 0n) return { ...ledger, minuteLimitUntil: Number(retryAtUnixMs) };
  return { ...ledger, minuteLimitUntil: ledger.at + Math.max(0, Number(retryAtUnixMs - reportedAtUnixMs)) };
}

// A limit may wait for an append before it and for its own, 8 s each, and is told once.
const TOLD_WITHIN_MS = 25_000;

/** When Google told of a limit: told just before midnight and stored after it, it is no limit of the new day. */
function toldAt({ at }: Ledger, reportedAtUnixMs: bigint): number {
  return Math.min(Math.max(Number(reportedAtUnixMs), at - TOLD_WITHIN_MS), at);
}

/** What can no longer matter goes, so a ledger stays as small as its limits. */
function forgetting(limits: QuotaLimits, ledger: Ledger): Ledger {
  const [from, until] = [ledger.at - limits.longestCallMs - limits.clockErrorMs, ledger.at - limits.clockErrorMs];
  const isIn = (call: OpenCall) => leavesAt(limits, seenAtLatest(limits, call)) > until;
  const open = ledger.open.filter(isIn);
  // Calls whose process died count as seen at the last moment they could be.
  const lost = ledger.open.filter((call) => !isIn(call));
  const days = lost.reduce((counted, call) => alsoCountedOn(counted, call, seenAtLatest(limits, call)), ledger.days);
  const ended = ledger.ended.slice(gone(ledger.ended, until));
  return { ...ledger, open, ended, days: new Map([...days].filter(([day]) => day >= pacificDay(from))) };
}

/** A call reserved just before midnight may count in either day, so it counts in both. */
function alsoCountedOn(
  days: ReadonlyMap<string, number>,
  { reservedAt }: OpenCall,
  seenBy: number,
): ReadonlyMap<string, number> {
  const day = pacificDay(seenBy);
  return day === pacificDay(reservedAt) ? days : plus(days, day, 1);
}

function plus(days: ReadonlyMap<string, number>, day: string, calls: number): ReadonlyMap<string, number> {
  return new Map([...days, [day, (days.get(day) ?? 0) + calls]]);
}
