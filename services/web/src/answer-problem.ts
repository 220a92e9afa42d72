import type { DomainError } from "@botfactory/decider";
import type { Logger } from "@botfactory/service-kit";
import { trace } from "@opentelemetry/api";
import type { ErrorRequestHandler, Request, Response } from "express";
import type { Problem } from "./api/problem.ts";
import { InvalidRequest } from "./invalid-request.ts";
import { inWords } from "./issue.ts";
import { languageOf } from "./language.ts";
import { messagePage } from "./message-page.ts";
import { refusalOf } from "./refusal.ts";
import { statusOf } from "./status-of.ts";

/** The last word on every failed request: problem+json for programs, a page for people. */
export function answerProblem(logger: Logger): ErrorRequestHandler {
  // biome-ignore lint/complexity/useMaxParams: express knows an error handler by its four parameters
  return (error: unknown, request, response, next) => {
    const refusal = refusalOf(error);
    const problem = problemOf(refusal, request);
    if (problem.status >= 500) logger.error({ err: error, path: request.path }, "request failed");
    // Too late for another answer: express closes the connection, so that half an answer is not taken for a whole one.
    if (response.headersSent) return next(error);
    setRetryAfter(refusal, response);
    response.status(problem.status).set("cache-control", "no-store");
    if (wantsPage(request)) response.send(messagePage(languageOf(request), problem));
    else response.type("application/problem+json").send(JSON.stringify(problem));
  };
}

function problemOf(refusal: DomainError | undefined, request: Request): Problem {
  const code = refusal?.code ?? "internal";
  const traceId = trace.getActiveSpan()?.spanContext().traceId;
  return {
    type: `urn:botfactory:error:${code}`,
    status: refusal === undefined ? 500 : statusOf(refusal),
    ...inWords(languageOf(request), code, refusal?.params ?? {}),
    ...(refusal instanceof InvalidRequest ? { fields: [...refusal.fields] } : {}),
    ...(traceId === undefined ? {} : { traceId }),
  };
}

function setRetryAfter(refusal: DomainError | undefined, response: Response): void {
  const at = Number(refusal?.params["retry_at_unix_ms"]);
  const seconds = Number.isFinite(at) ? Math.ceil((at - Date.now()) / 1000) : Number(refusal?.params["seconds"]);
  if (seconds > 0) response.set("retry-after", String(seconds));
}

function wantsPage(request: Request): boolean {
  return !request.path.startsWith("/api/") && request.accepts("html", "json") === "html";
}
