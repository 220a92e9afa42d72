import { type Context, context, propagation, ROOT_CONTEXT } from "@opentelemetry/api";
import type { MsgHdrs } from "nats";

/** The W3C headers (`traceparent`, `tracestate`) of the active span, to be sent with a message; empty without tracing. */
export function traceHeaders(): Record<string, string> {
  const headers: Record<string, string> = {};
  propagation.inject(context.active(), headers);
  return headers;
}

/** The trace context a received message carries in its headers; the root context when it carries none. */
export function contextFrom(headers: MsgHdrs | undefined): Context {
  if (headers === undefined) return ROOT_CONTEXT;
  return propagation.extract(ROOT_CONTEXT, headers, {
    keys: (carrier) => carrier.keys(),
    get: (carrier, key) => (carrier.has(key) ? carrier.get(key) : undefined),
  });
}
