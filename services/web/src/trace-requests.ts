import { trace } from "@opentelemetry/api";
import type { RequestHandler } from "express";

/**
 * Takes the query off the server span: the callback of a sign-in carries its code there. The instrumentation of
 * node:http writes it before any of our code runs.
 */
export const hideQueryFromSpan: RequestHandler = (_request, _response, next) => {
  trace.getActiveSpan()?.setAttribute("url.query", "");
  next();
};

/** Names the server span after its route, which is what people look for; the instrumentation knows the method only. */
export function nameSpan(method: string, route: string): RequestHandler {
  const name = `${method.toUpperCase()} ${route}`;
  return (_request, _response, next) => {
    trace.getActiveSpan()?.updateName(name).setAttribute("http.route", route);
    next();
  };
}
