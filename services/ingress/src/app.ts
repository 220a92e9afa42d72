import { type Logger, type Readiness, servingHealth } from "@botfactory/service-kit";
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from "express";
import { type WebhookDeps, webhook } from "./webhook.ts";

export interface IngressDeps extends WebhookDeps {
  readonly readiness: Readiness;
}

/** No body parser on purpose: the route reads the bytes itself, and only after the secret was right. */
export function ingressApp(deps: IngressDeps): Express {
  return express()
    .disable("x-powered-by")
    .disable("etag")
    .set("query parser", false)
    .use(safeHeaders)
    .post("/telegram/webhook/:botId", webhook(deps))
    .get("/healthz", servingHealth(deps.readiness))
    .use(notFound)
    .use(failed(deps.logger));
}

const SAFE_HEADERS = [
  ["Cache-Control", "no-store"],
  ["Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"],
  ["Referrer-Policy", "no-referrer"],
  ["X-Content-Type-Options", "nosniff"],
] as const;

const safeHeaders: RequestHandler = (_request, response, next) => {
  for (const [name, value] of SAFE_HEADERS) response.setHeader(name, value);
  next();
};

const notFound: RequestHandler = (_request, response) => {
  response.status(404).json({ ok: false });
};

/** Express' own answer would show the stack. */
function failed(logger: Logger): ErrorRequestHandler {
  // biome-ignore lint/complexity/useMaxParams: by its four parameters Express knows an error handler
  return (error, _request, response, next) => {
    const status = statusOf(error);
    if (status >= 500) logger.error({ err: error }, "a request failed");
    if (response.headersSent) next(error);
    else response.status(status).json({ ok: false });
  };
}

function statusOf(error: unknown): number {
  // A path that cannot be decoded names no bot.
  if (error instanceof URIError) return 404;
  const { status } = { status: undefined, ...(error instanceof Error ? error : {}) };
  return typeof status === "number" && status >= 400 && status < 500 ? status : 500;
}
