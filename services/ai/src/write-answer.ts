import { crashPoint } from "@botfactory/crash-points";
import {
  FinishedSchema,
  type GenerateRequest,
  type GenerateResponse,
  QuotaWaitSchema,
  TextDeltaSchema,
} from "@botfactory/proto/ai/v1/ai";
import { ReservationSchema } from "@botfactory/proto/events/v1/quota";
import { create } from "@bufbuild/protobuf";
import { ExponentialBackoff, handleWhen, retry, wrap } from "cockatiel";
import { v7 as newReservationId } from "uuid";
import { askModel } from "./ask-model.ts";
import type { CallRecord } from "./call-record.ts";
import { toDomainError } from "./model-errors.ts";
import { promptOf } from "./prompt.ts";
import type { RefusedKeys } from "./refused-keys.ts";
import type { ReserveCall } from "./reserve-call.ts";
import { ModelFailure, type TextEnd, type TextPart, type TextPiece } from "./text-model.ts";

/** What a caller of Generate receives piece by piece. */
export type AnswerPart = Exclude<GenerateResponse["part"], { case: undefined }>;

export interface WriteAnswerDeps {
  readonly reserveCall: ReserveCall;
  readonly record: CallRecord;
  readonly refusedKeys: RefusedKeys;
  readonly defaultModel: string;
  /** The log's clock, Unix ms. */
  readonly now: () => number;
  /** Ms that no clock that is set moves. */
  readonly stopwatch: () => number;
  /** The longest wait for the quota, ms. */
  readonly maxWaitMs: number;
}

export interface AnswerCall {
  readonly signal: AbortSignal;
  readonly deadline: number;
  readonly emit: (part: AnswerPart) => void;
}

// Overloads of Gemini pass in seconds; every try is a call of its own in the ledger.
const OVERLOAD_RETRIES = 2;
// Google said no to the project though the ledger had room: another project, or a wait, or the refusal comes of asking again.
const LIMIT_RETRIES = 5;

/** One answer, top to bottom: a place in the quota, the model's text, what it cost. */
export async function writeAnswer(deps: WriteAnswerDeps, request: GenerateRequest, call: AnswerCall): Promise<void> {
  const prompt = promptOf(request, deps.defaultModel);
  const giveUpAt = deps.now() + Math.min(deps.maxWaitMs, call.deadline - Date.now());
  const { chargeKey, ownerId, botId, messagesADay } = request;
  const refusedBy = new Set<string>();
  let hasText = false;

  const attempt = async () => {
    const reserved = await deps.reserveCall({
      model: prompt.model,
      newReservation: () => create(ReservationSchema, { reservationId: newReservationId(), chargeKey, ownerId, botId }),
      messagesADay,
      refusedBy,
      giveUpAt,
      signal: call.signal,
      onWait: (waitMs) => call.emit({ case: "quotaWait", value: create(QuotaWaitSchema, { waitMs }) }),
    });
    crashPoint("wrk.afterReserve");
    const onPart = (part: TextPart) => {
      if (part.kind === "begun") return;
      hasText = true;
      call.emit(answerPart(part));
    };
    await askModel(reserved, prompt, { ...deps, signal: call.signal, onPart }).catch((error: unknown) => {
      if (isKeyRefused(error)) {
        refusedBy.add(reserved.project.name);
        deps.refusedKeys.add(reserved.project.name, prompt.model);
      }
      throw error;
    });
  };

  // Once text has gone out, a second try would say it twice.
  const failed = (kinds: readonly string[]) =>
    handleWhen((error) => error instanceof ModelFailure && kinds.includes(error.kind) && !hasText);
  const overloads = retry(failed(["overloaded"]), {
    maxAttempts: OVERLOAD_RETRIES,
    backoff: new ExponentialBackoff({ initialDelay: 500, maxDelay: 4_000 }),
  });
  const limits = retry(failed(["rate-minute", "rate-day", "key-invalid"]), { maxAttempts: LIMIT_RETRIES });
  try {
    await wrap(overloads, limits).execute(attempt, call.signal);
  } catch (error) {
    throw toDomainError(error);
  }
}

function isKeyRefused(error: unknown): boolean {
  return error instanceof ModelFailure && error.kind === "key-invalid";
}

function answerPart(part: TextPiece | TextEnd): AnswerPart {
  if (part.kind === "piece") return { case: "textDelta", value: create(TextDeltaSchema, { text: part.text }) };
  const { model, tokens, isTruncated: truncated } = part;
  const value = { model, inputTokens: tokens.input, outputTokens: tokens.output, truncated };
  return { case: "finished", value: create(FinishedSchema, value) };
}
