import { DomainError } from "@botfactory/decider";
import { doubleCsrf } from "csrf-csrf";
import type { Request, Response } from "express";
import { cookiesOf } from "../cookies.ts";
import { cookieName, cookieOptions } from "./cookie-options.ts";
import { hasBearer } from "./identify.ts";

export interface Csrf {
  /** Refuses unsafe requests of a cookie session that do not prove they come from our own pages. */
  check(request: Request): void;
  token(request: Request, response: Response): string;
}

export function csrf({ publicUrl, secret }: { publicUrl: string; secret: string }): Csrf {
  const { generateCsrfToken, validateRequest } = doubleCsrf({
    getSecret: () => secret,
    getSessionIdentifier: (request) => request.sessionID,
    cookieName: cookieName("botfactory-csrf", publicUrl),
    cookieOptions: { ...cookieOptions(publicUrl), sameSite: "strict" },
    getCsrfTokenFromRequest: (request) => request.headers["x-csrf-token"] ?? formToken(request.body),
  });
  return {
    check(request) {
      if (!isUnsafe(request) || hasBearer(request)) return;
      readCookies(request);
      if (!isOurPage(request, publicUrl) || !validateRequest(request))
        throw new DomainError("forbidden", "csrf_invalid");
    },
    token(request, response) {
      readCookies(request);
      return generateCsrfToken(request, response);
    },
  };
}

function isUnsafe({ method }: Request): boolean {
  return !["GET", "HEAD", "OPTIONS"].includes(method);
}

// Browsers always tell; what tells nothing is no browser and has the token to show.
function isOurPage({ headers }: Request, publicUrl: string): boolean {
  const site = headers["sec-fetch-site"];
  if (site !== undefined && site !== "same-origin" && site !== "none") return false;
  return headers.origin === undefined || headers.origin === publicUrl;
}

// csrf-csrf looks where cookie-parser would put them.
function readCookies(request: Request): void {
  request.cookies = cookiesOf(request);
}

function formToken(body: unknown): string | undefined {
  if (typeof body !== "object" || body === null || !("_csrf" in body)) return undefined;
  return typeof body._csrf === "string" ? body._csrf : undefined;
}
