import type { Recorded } from "@botfactory/event-store";
import type { QuotaFact } from "../domain/ledger.ts";
import { pacificDay } from "../domain/pacific-day.ts";
import { type UsageDocument, usageId } from "./usage-document.ts";

type RecordedFact = Pick<Recorded<QuotaFact>, "event" | "sequence">;

/** The documents a fact changes: that of the owner and the Pacific day the call ended on. */
export function usageIdsOf({ event }: RecordedFact): readonly string[] {
  if (event.case !== "callSettled") return [];
  return [usageId(pacificDay(Number(event.value.settledAtUnixMs)), event.value.ownerId)];
}

/** All tokens count, also those of refusals; how many messages are charged, the owner's allowance knows. */
export function projectUsage(
  usage: UsageDocument | undefined,
  { event, sequence }: RecordedFact,
): UsageDocument | undefined {
  if (event.case !== "callSettled") return usage;
  const { ownerId, settledAtUnixMs, inputTokens, outputTokens } = event.value;
  const day = pacificDay(Number(settledAtUnixMs));
  return {
    _id: usageId(day, ownerId),
    ownerId,
    day,
    calls: (usage?.calls ?? 0) + 1,
    inputTokens: (usage?.inputTokens ?? 0) + inputTokens,
    outputTokens: (usage?.outputTokens ?? 0) + outputTokens,
    sequence,
  };
}
