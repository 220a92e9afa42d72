import { promisify } from "node:util";
import type { Request, RequestHandler } from "express";
import session from "express-session";
import type { MongoClient } from "mongodb";
import { cookieName, cookieOptions } from "./cookie-options.ts";
import type { PendingSignIn } from "./pending-sign-in.ts";
import type { SessionStore } from "./session-store.ts";

declare module "express-session" {
  interface SessionData {
    pendingSignIns: readonly PendingSignIn[];
    signIn: StoredSignIn;
  }
}

/** What a session remembers of a person; tokens only sealed. */
export interface StoredSignIn {
  readonly ownerId: string;
  readonly username: string;
  /** Keycloak's `sid`, which back-channel logout names. */
  readonly keycloakSession: string;
  readonly sealedGrant: string;
}

export interface SessionOptions {
  readonly store: SessionStore;
  readonly secret: string;
  readonly publicUrl: string;
}

/** Gives each request its session; `unavailable` until the store has been prepared once. */
export function sessions({ store, secret, publicUrl }: SessionOptions): RequestHandler {
  let handler: RequestHandler | undefined;
  return (request, response, next) => {
    handler ??= session({
      name: cookieName("botfactory", publicUrl),
      secret,
      store: store.prepared(),
      resave: false,
      saveUninitialized: false,
      // TLS ends before us, and express-session sets a secure cookie only if it believes the proxy.
      proxy: publicUrl.startsWith("https:"),
      cookie: cookieOptions(publicUrl),
    });
    return handler(request, response, next);
  };
}

/** Ends every session of one Keycloak session, or all of an owner when Keycloak names no session. */
export async function endSessions(
  mongo: MongoClient,
  { keycloakSession, ownerId }: { keycloakSession?: string | undefined; ownerId?: string | undefined },
): Promise<void> {
  const filter =
    keycloakSession === undefined
      ? { "session.signIn.ownerId": ownerId }
      : { "session.signIn.keycloakSession": keycloakSession };
  await mongo.db().collection("sessions").deleteMany(filter);
}

/** A new id for the same browser: an id planted before sign-in is worth nothing after it. */
export async function renewSession(request: Request): Promise<void> {
  await promisify(request.session.regenerate.bind(request.session))();
}

export async function saveSession(request: Request): Promise<void> {
  await promisify(request.session.save.bind(request.session))();
}

export async function destroySession(request: Request): Promise<void> {
  await promisify(request.session.destroy.bind(request.session))();
}
