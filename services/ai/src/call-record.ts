import {
  CallOutcome,
  type CallSettled,
  CallSettledSchema,
  type LimitReported,
  LimitReportedSchema,
  LimitScope,
} from "@botfactory/proto/events/v1/quota";
import type { Logger } from "@botfactory/service-kit";
import { create } from "@bufbuild/protobuf";
import { endOfPacificDay } from "./domain/pacific-day.ts";
import type { LedgerEntry } from "./ledger-entries.ts";
import type { ModelCallEnd } from "./model-metrics.ts";
import type { ReservedCall } from "./reserve-call.ts";
import { ModelFailure, type Tokens } from "./text-model.ts";

/** How a call ended, with text or by what was thrown, and by when Google had seen it, ms after it was reserved. */
export type CallEnd = { readonly seenAfterMs: number } & ModelCallEnd;

/** Writes the end of calls into their ledgers. */
export interface CallRecord {
  /** Resolves at once, or when a limit of Google's that the end tells of is in the ledger: the next try must see it. */
  ended(call: ReservedCall, end: CallEnd): Promise<void>;
}

export function callRecord({ now, logger }: { readonly now: () => number; readonly logger: Logger }): CallRecord {
  return {
    async ended(call, end) {
      const { botId, chargeKey } = call.admission.reservation;
      const fields = { project: call.project.name, botId, chargeKey };
      if ("error" in end) logger.warn({ ...fields, err: end.error }, "a model call failed");
      else logger.info({ ...fields, tokens: end.tokens }, "a model call was answered");
      const write = (entry: LedgerEntry, unwritten: string) =>
        call.ledger.write(entry).catch((error: unknown) => logger.error({ ...fields, err: error }, unwritten));
      // Apart, since an end is tried again and a limit must be told soon or not at all; they meet in one append.
      void write({ settle: [settled(call, end, now())] }, "a call was not settled");
      const report = limitIn(end, now());
      if (report.length > 0) await write({ report }, "a limit of Google's was not written");
    },
  };
}

function settled({ admission }: ReservedCall, end: CallEnd, at: number): CallSettled {
  const { reservationId, chargeKey, ownerId, botId } = admission.reservation;
  const { input, output } = tokensOf(end);
  return create(CallSettledSchema, {
    reservationId,
    chargeKey,
    ownerId,
    botId,
    inputTokens: input,
    outputTokens: output,
    outcome: outcomeOf(end),
    settledAtUnixMs: BigInt(at),
    seenByUnixMs: BigInt(Math.ceil(admission.atUnixMs + end.seenAfterMs)),
  });
}

function tokensOf(end: CallEnd): Tokens {
  if ("tokens" in end) return end.tokens;
  return end.error instanceof ModelFailure ? end.error.tokens : { input: 0, output: 0 };
}

function outcomeOf(end: CallEnd): CallOutcome {
  if ("tokens" in end) return CallOutcome.ANSWERED;
  const isRefusal = end.error instanceof ModelFailure && ["blocked", "empty"].includes(end.error.kind);
  return isRefusal ? CallOutcome.REFUSED : CallOutcome.FAILED;
}

const MINUTE_MS = 60_000;

/** Google's day ends at midnight Pacific whatever its RetryInfo says; its minute without one may be a whole one. */
function limitIn(end: CallEnd, at: number): LimitReported[] {
  if (!("error" in end) || !(end.error instanceof ModelFailure)) return [];
  const { kind, retryAfterMs = MINUTE_MS } = end.error;
  if (kind === "rate-day") return [limitReported(LimitScope.DAY, at, endOfPacificDay(at))];
  return kind === "rate-minute" ? [limitReported(LimitScope.MINUTE, at, at + retryAfterMs)] : [];
}

function limitReported(scope: LimitScope, at: number, until: number): LimitReported {
  const retryAtUnixMs = BigInt(Math.ceil(until));
  return create(LimitReportedSchema, { scope, retryAtUnixMs, reportedAtUnixMs: BigInt(Math.floor(at)) });
}
