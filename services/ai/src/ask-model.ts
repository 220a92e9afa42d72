import type { CallRecord } from "./call-record.ts";
import { chatSpan, describeEnd } from "./chat-span.ts";
import { type ModelCallEnd, recordModelCall } from "./model-metrics.ts";
import type { ReservedCall } from "./reserve-call.ts";
import type { TextEnd, TextPart, TextRequest } from "./text-model.ts";

export interface AskModelOptions {
  readonly record: CallRecord;
  readonly signal: AbortSignal;
  /** Ms that no clock that is set moves. */
  readonly stopwatch: () => number;
  readonly onPart: (part: TextPart) => void;
}

/** One call of the model on a reserved place; however it ends, the ledger hears of it. */
export async function askModel(call: ReservedCall, prompt: TextRequest, options: AskModelOptions): Promise<void> {
  const { record, signal, stopwatch, onPart } = options;
  let begunAt: number | undefined;
  const read = (part: TextPart) => {
    begunAt ??= stopwatch();
    onPart(part);
  };
  const askedAt = stopwatch();
  const ended = (end: ModelCallEnd) => {
    const endedAt = stopwatch();
    recordModelCall(prompt.model, endedAt - askedAt, end);
    return record.ended(call, { ...end, seenAfterMs: (begunAt ?? endedAt) - call.admission.since });
  };
  try {
    const { tokens } = await chatSpan(prompt.model, async (span) => {
      const end = await readAll(call.project.model(prompt, signal), read);
      describeEnd(span, end);
      return end;
    });
    await ended({ tokens });
  } catch (error) {
    await ended({ error });
    throw error;
  }
}

async function readAll(parts: AsyncIterable<TextPart>, onPart: (part: TextPart) => void): Promise<TextEnd> {
  for await (const part of parts) {
    onPart(part);
    if (part.kind === "end") return part;
  }
  throw new Error("a text model ended without an end");
}
