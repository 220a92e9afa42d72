import { DomainError } from "@botfactory/decider";
import express, { type Request, type RequestHandler, type Response } from "express";

const MAX_BODY_BYTES = 64 * 1024;

const parseJson = express.json({ limit: MAX_BODY_BYTES, inflate: false, type: "application/json" });

/** Reads JSON up to 64 KiB and nothing else; a request without a body has an empty object. */
export async function readJson(request: Request, response: Response): Promise<unknown> {
  // fetch sends `content-length: 0` and no type when it has nothing to send.
  if (request.headers["content-length"] === "0") return {};
  if (request.is("application/json") === false) throw new DomainError("invalid", "media_type_unsupported");
  await new Promise<void>((resolve, reject) => {
    parseJson(request, response, (error?: unknown) => (error === undefined ? resolve() : reject(error)));
  });
  return request.body ?? {};
}

/** Reads the plain forms of the two pages that work without the browser app. */
export function formBody(): RequestHandler {
  return express.urlencoded({ limit: MAX_BODY_BYTES, inflate: false, extended: false, parameterLimit: 20 });
}
