import { inSpan } from "@botfactory/service-kit";
import { type Span, SpanKind } from "@opentelemetry/api";
import { callAttributes, errorType } from "./gen-ai-conventions.ts";
import type { TextEnd } from "./text-model.ts";

/** One call of a model, after OpenTelemetry's semantic conventions for generative AI; prompts and texts stay out of it. */
export function chatSpan<Result>(model: string, work: (span: Span) => Promise<Result>): Promise<Result> {
  return inSpan(`chat ${model}`, { kind: SpanKind.CLIENT, attributes: callAttributes(model) }, async (span) => {
    try {
      return await work(span);
    } catch (error) {
      span.setAttribute("error.type", errorType(error));
      throw error;
    }
  });
}

export function describeEnd(span: Span, { model, tokens, isTruncated }: TextEnd): void {
  span.setAttributes({
    "gen_ai.response.model": model,
    "gen_ai.response.finish_reasons": [isTruncated ? "length" : "stop"],
    "gen_ai.usage.input_tokens": tokens.input,
    "gen_ai.usage.output_tokens": tokens.output,
  });
}
