import { context, type Link, SpanKind, type SpanOptions, SpanStatusCode, trace } from "@opentelemetry/api";
import type { MsgHdrs } from "nats";
import { contextFrom } from "./trace-context.ts";

const tracer = () => trace.getTracer("@botfactory/event-store");

/**
 * Runs `work` in a PRODUCER span named "publish <stream>". The name and the attributes (OpenTelemetry's semantic
 * conventions for messaging) hold the stream only: subjects carry ids of bots and chats.
 */
export function publishSpan<Result>(stream: string, work: () => Promise<Result>): Promise<Result> {
  return inSpan(
    `publish ${stream}`,
    { kind: SpanKind.PRODUCER, attributes: attributes(stream, "publish", "send") },
    work,
  );
}

/** Runs `work` in a CONSUMER span named "process <stream>", a child of the span that published the message. */
export function consumeSpan<Result>(
  stream: string,
  headers: MsgHdrs | undefined,
  work: () => Promise<Result>,
): Promise<Result> {
  const options = { kind: SpanKind.CONSUMER, attributes: attributes(stream, "process", "process") };
  return context.with(contextFrom(headers), () => inSpan(`process ${stream}`, options, work));
}

/** A link to the span that published a message, for work that has several causes; undefined when it carries none. */
export function linkTo(headers: MsgHdrs | undefined): Link | undefined {
  const spanContext = trace.getSpanContext(contextFrom(headers));
  return spanContext === undefined ? undefined : { context: spanContext };
}

function attributes(stream: string, name: string, type: string) {
  return {
    "messaging.system": "nats",
    "messaging.destination.name": stream,
    "messaging.operation.name": name,
    "messaging.operation.type": type,
  };
}

function inSpan<Result>(name: string, options: SpanOptions, work: () => Promise<Result>): Promise<Result> {
  return tracer().startActiveSpan(name, options, async (span) => {
    try {
      return await work();
    } catch (error) {
      // The class only: a message may hold text or an id.
      span.setStatus({ code: SpanStatusCode.ERROR });
      span.setAttribute("error.type", error instanceof Error ? error.name : "unknown");
      throw error;
    } finally {
      span.end();
    }
  });
}
