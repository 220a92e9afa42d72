import { type SpanContext, trace } from "@opentelemetry/api";

// Beside the errors and not in them: a field of theirs would go wherever the error goes.
const origins = new WeakMap<Error, SpanContext>();

/** Notes in which span an error arose, the innermost that says so; a log line written outside of it joins its trace. */
export function noteOrigin(error: unknown, span = trace.getActiveSpan()): void {
  if (error instanceof Error && span !== undefined && !origins.has(error)) origins.set(error, span.spanContext());
}

/** The span an error arose in; undefined when none was noted. */
export function originOf(error: unknown): SpanContext | undefined {
  return error instanceof Error ? origins.get(error) : undefined;
}
