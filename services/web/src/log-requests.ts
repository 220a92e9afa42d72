import type { Logger } from "@botfactory/service-kit";
import type { RequestHandler } from "express";

/** One line for each request, without its query: sign-in carries its code there. */
export function logRequests(logger: Logger): RequestHandler {
  return (request, response, next) => {
    const startedAt = performance.now();
    const { method, path } = request;
    response.once("close", () => {
      const ms = Math.round(performance.now() - startedAt);
      logger.info({ method, path, status: response.statusCode, ms, finished: response.writableFinished }, "request");
    });
    next();
  };
}
