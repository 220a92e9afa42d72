import type { Recorded } from "@botfactory/event-store";
import { CallOutcome } from "@botfactory/proto/events/v1/quota";
import type { QuotaFact } from "../domain/ledger.ts";
import { pacificDay } from "../domain/pacific-day.ts";
import { type UsageDocument, usageId } from "./usage-document.ts";

type RecordedFact = Pick<Recorded<QuotaFact>, "event" | "sequence">;

/** The documents a fact changes: that of the owner and the Pacific day the call ended on. */
export function usageIdsOf({ event }: RecordedFact): readonly string[] {
  if (event.case !== "callSettled") return [];
  return [usageId(pacificDay(Number(event.value.settledAtUnixMs)), event.value.ownerId)];
}

/** All tokens count; an owner is charged for answers only, and once for each, however often it had to be written. */
export function projectUsage(
  usage: UsageDocument | undefined,
  { event, sequence }: RecordedFact,
): UsageDocument | undefined {
  if (event.case !== "callSettled") return usage;
  const { ownerId, settledAtUnixMs, inputTokens, outputTokens, outcome, chargeKey } = event.value;
  const day = pacificDay(Number(settledAtUnixMs));
  const charged = new Set(usage?.chargeKeys);
  if (outcome === CallOutcome.ANSWERED) charged.add(chargeKey);
  return {
    _id: usageId(day, ownerId),
    ownerId,
    day,
    messages: charged.size,
    inputTokens: (usage?.inputTokens ?? 0) + inputTokens,
    outputTokens: (usage?.outputTokens ?? 0) + outputTokens,
    chargeKeys: [...charged],
    sequence,
  };
}
