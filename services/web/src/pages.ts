import { existsSync } from "node:fs";
import { join } from "node:path";
import express, { type RequestHandler, Router } from "express";
import type { Auth } from "./auth/auth.ts";

/** Addresses of the browser app's pages; each needs sign-in. The two of the guide are among them. */
export const PAGES = [
  "/",
  "/bots{/*rest}",
  "/account{/*rest}",
  "/admin{/*rest}",
  "/telegram/setup/:botId",
  "/telegram/test/:botId",
] as const;

const YEAR_MS = 365 * 24 * 60 * 60 * 1000;

const NOT_BUILT = `The browser app is not built yet.
Build it with:  npm run build --workspace @botfactory/web-client
or name its folder in WEB_CLIENT_DIR.
`;

/** The browser app's files, to everyone. */
export function clientFiles(directory: string): RequestHandler {
  const router = Router();
  // Vite names the files in assets by their content, so they never change.
  router.use("/assets", express.static(join(directory, "assets"), { immutable: true, maxAge: YEAR_MS, index: false }));
  const others = express.static(directory, { index: false, redirect: false, dotfiles: "ignore" });
  // The app itself is a page and answered by `pages`, under the pages' addresses only.
  router.use((request, response, next) => (request.path.endsWith(".html") ? next() : others(request, response, next)));
  return router;
}

/** The browser app's pages, to people who are signed in. */
export function pages(directory: string, { identify }: Pick<Auth, "identify">): RequestHandler {
  const index = join(directory, "index.html");
  const router = Router();
  router.get([...PAGES], async (request, response) => {
    response.set("cache-control", "no-store");
    if ((await identify(request)) === undefined) {
      return response.redirect(303, `/login?returnTo=${encodeURIComponent(request.originalUrl)}`);
    }
    if (!existsSync(index)) return response.status(503).type("text/plain").send(NOT_BUILT);
    response.sendFile(index, { cacheControl: false });
  });
  return router;
}
