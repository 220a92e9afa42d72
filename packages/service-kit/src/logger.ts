import { trace } from "@opentelemetry/api";
import { type DestinationStream, type Logger, type LoggerOptions, pino, stdSerializers } from "pino";
import { originOf } from "./error-trace.ts";
import { redactJson } from "./redaction.ts";

export type { Logger } from "pino";

/** Names of levels, from chatty to silent. */
export const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;

/** One of `LOG_LEVELS`. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/**
 * JSON lines on standard output with the service's name, the ids of the trace that is active or that an error comes from, errors with their causes under `err` or
 * `error`, and every token, key and password replaced. `destination` is written to instead, where standard output is for something else.
 */
export function createLogger(name: string, level: LogLevel, destination?: DestinationStream): Logger {
  const options: LoggerOptions = {
    level,
    base: { service: name },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label) => ({ level: label }) },
    serializers: { err: stdSerializers.err, error: stdSerializers.err },
    mixin: traceIds,
    // The whole line, because vendors' errors carry tokens in messages, stacks, URLs and nested objects alike.
    hooks: { streamWrite: redactJson },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}

/** Under the names OpenTelemetry gives them in logs that are not its own. */
function traceIds(fields: object): object {
  const { err, error } = { err: undefined, error: undefined, ...fields };
  const span = trace.getActiveSpan()?.spanContext() ?? originOf(err) ?? originOf(error);
  return span === undefined ? {} : { trace_id: span.traceId, span_id: span.spanId };
}
