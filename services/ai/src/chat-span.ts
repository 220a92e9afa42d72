import { inSpan } from "@botfactory/service-kit";
import { type Span, SpanKind } from "@opentelemetry/api";
import { ModelFailure, type TextEnd } from "./text-model.ts";

/** One call of a model, after OpenTelemetry's semantic conventions for generative AI; prompts and texts stay out of it. */
export function chatSpan<Result>(model: string, work: (span: Span) => Promise<Result>): Promise<Result> {
  const attributes = {
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "gcp.gemini",
    "gen_ai.request.model": model,
  };
  return inSpan(`chat ${model}`, { kind: SpanKind.CLIENT, attributes }, async (span) => {
    try {
      return await work(span);
    } catch (error) {
      span.setAttribute("error.type", error instanceof ModelFailure ? error.kind : "other");
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
