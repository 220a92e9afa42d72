import { type Context, context, type Span, type SpanOptions, SpanStatusCode, trace } from "@opentelemetry/api";
import { noteOrigin } from "./error-trace.ts";

/** As OpenTelemetry's, and where the span hangs when not below the active one. */
export interface InSpanOptions extends SpanOptions {
  readonly parent?: Context;
}

/** Runs `work` inside a span that is active meanwhile, records what it throws, and always ends it. */
export async function inSpan<Result>(
  name: string,
  { parent = context.active(), ...options }: InSpanOptions,
  work: (span: Span) => Promise<Result>,
): Promise<Result> {
  const tracer = trace.getTracer("@botfactory/service-kit");
  return tracer.startActiveSpan(name, options, parent, async (span) => {
    try {
      return await work(span);
    } catch (error) {
      markFailed(span, error);
      throw error;
    } finally {
      span.end();
    }
  });
}

function markFailed(span: Span, error: unknown): void {
  noteOrigin(error, span);
  const failure = error instanceof Error ? error : new Error(String(error));
  span.recordException(failure);
  span.setStatus({ code: SpanStatusCode.ERROR, message: failure.message });
}
