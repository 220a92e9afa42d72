import type { DescMethod } from "@bufbuild/protobuf";
import { type Metadata, status } from "@grpc/grpc-js";
import {
  type Context,
  context,
  propagation,
  type Span,
  SpanKind,
  SpanStatusCode,
  type TextMapGetter,
  type TextMapSetter,
  trace,
} from "@opentelemetry/api";

const setter: TextMapSetter<Metadata> = { set: (metadata, name, value) => metadata.set(name, value) };
const getter: TextMapGetter<Metadata> = {
  keys: (metadata) => Object.keys(metadata.getMap()),
  get: (metadata, name) => metadata.get(name).map(String),
};

/** Starts the span of an outgoing call and writes its W3C context into the metadata. */
export function startClientSpan(method: DescMethod, metadata: Metadata): Span {
  const span = start(method, SpanKind.CLIENT, context.active());
  propagation.inject(trace.setSpan(context.active(), span), metadata, setter);
  return span;
}

/** Starts the span of an incoming call below the one its metadata names. */
export function startServerSpan(method: DescMethod, metadata: Metadata): Span {
  return start(method, SpanKind.SERVER, propagation.extract(context.active(), metadata, getter));
}

/** Makes a span the active one while `work` runs, so that what it starts hangs below. */
export function inside<Result>(span: Span, work: () => Result): Result {
  return context.with(trace.setSpan(context.active(), span), work);
}

/** Ends a call's span with its gRPC status. */
export function endSpan(span: Span, code: status, error?: Error): void {
  span.setAttribute("rpc.grpc.status_code", code);
  if (error !== undefined) {
    span.recordException(error);
    span.setStatus({ code: SpanStatusCode.ERROR, message: status[code] });
  }
  span.end();
}

function start({ parent, name }: DescMethod, kind: SpanKind, below: Context): Span {
  const attributes = { "rpc.system": "grpc", "rpc.service": parent.typeName, "rpc.method": name };
  return trace.getTracer("@botfactory/rpc").startSpan(`${parent.typeName}/${name}`, { kind, attributes }, below);
}
