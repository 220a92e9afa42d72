import type { Attributes } from "@opentelemetry/api";
import type { tracing } from "@opentelemetry/sdk-node";
import { redactText } from "./redaction.ts";

/** Wraps an exporter so that no token or key leaves in a span's name, attributes, events or status. */
export function redactingExporter(exporter: tracing.SpanExporter): tracing.SpanExporter {
  return {
    export: (spans, done) => exporter.export(spans.map(redactSpan), done),
    shutdown: () => exporter.shutdown(),
    forceFlush: async () => exporter.forceFlush?.(),
  };
}

function redactSpan(span: tracing.ReadableSpan): tracing.ReadableSpan {
  const { status } = span;
  // Member by member: a spread would lose what a span has on its prototype.
  return {
    name: redactText(span.name),
    kind: span.kind,
    spanContext: () => span.spanContext(),
    ...(span.parentSpanContext === undefined ? {} : { parentSpanContext: span.parentSpanContext }),
    startTime: span.startTime,
    endTime: span.endTime,
    status: status.message === undefined ? status : { ...status, message: redactText(status.message) },
    attributes: redactAttributes(span.attributes),
    links: span.links,
    events: span.events.map((event) => redactEvent(event)),
    duration: span.duration,
    ended: span.ended,
    resource: span.resource,
    instrumentationScope: span.instrumentationScope,
    droppedAttributesCount: span.droppedAttributesCount,
    droppedEventsCount: span.droppedEventsCount,
    droppedLinksCount: span.droppedLinksCount,
  };
}

function redactEvent(event: tracing.TimedEvent): tracing.TimedEvent {
  const { attributes } = event;
  return attributes === undefined ? event : { ...event, attributes: redactAttributes(attributes) };
}

function redactAttributes(attributes: Attributes): Attributes {
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, redactValue(value)]));
}

function redactValue(value: Attributes[string]): Attributes[string] {
  if (typeof value === "string") return redactText(value);
  if (!Array.isArray(value)) return value;
  // An attribute's array holds one kind of value; only texts can carry a secret.
  const texts = value.filter((item) => typeof item === "string");
  return texts.length === 0 ? value : texts.map(redactText);
}
