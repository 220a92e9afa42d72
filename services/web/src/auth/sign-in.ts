import { DomainError } from "@botfactory/decider";
import type { Request, RequestHandler } from "express";
import * as openid from "openid-client";
import { asLanguage, languageOf } from "../language.ts";
import type { ReadGrant } from "./grants.ts";
import type { Discovery } from "./keycloak.ts";
import { type PendingSignIn, takePending, withPending } from "./pending-sign-in.ts";
import { returnPath } from "./return-path.ts";
import type { Seal } from "./seal.ts";
import { renewSession, saveSession } from "./session.ts";
import { counted } from "./sign-in-outcomes.ts";

export interface SignInOptions {
  readonly publicUrl: string;
  readonly discover: Discovery;
  readonly readGrant: ReadGrant;
  readonly seal: Seal;
}

/** GET /login?returnTo=/…&language=uz: on to Keycloak. */
export function startSignIn({ publicUrl, discover }: SignInOptions): RequestHandler {
  return counted(async (request, response) => {
    const keycloak = await discover();
    const pending: PendingSignIn = {
      state: openid.randomState(),
      nonce: openid.randomNonce(),
      codeVerifier: openid.randomPKCECodeVerifier(),
      returnTo: returnPath(request.query["returnTo"]),
      startedAtUnixMs: Date.now(),
    };
    request.session.pendingSignIns = withPending(request.session.pendingSignIns ?? [], pending);
    // The redirect must not overtake the session: the callback may come back to another replica.
    await saveSession(request);
    const authorization = openid.buildAuthorizationUrl(keycloak, {
      redirect_uri: `${publicUrl}/callback`,
      scope: "openid",
      state: pending.state,
      nonce: pending.nonce,
      code_challenge: await openid.calculatePKCECodeChallenge(pending.codeVerifier),
      code_challenge_method: "S256",
      ui_locales: asLanguage(request.query["language"]) ?? languageOf(request),
    });
    response.set("cache-control", "no-store").redirect(303, authorization.href);
  });
}

/** GET /callback: the code becomes a session with a new id, or nothing changes. */
export function finishSignIn({ publicUrl, discover, readGrant, seal }: SignInOptions): RequestHandler {
  return counted(async (request, response) => {
    const pending = await takeSignIn(request);
    const keycloak = await discover();
    const { search } = new URL(request.originalUrl, publicUrl);
    const tokens = await exchange(keycloak, new URL(`${publicUrl}/callback${search}`), pending);
    const grant = await readGrant(JSON.stringify(tokens));
    const claims = tokens.claims();
    if (grant === undefined || claims === undefined) throw refused();
    const others = request.session.pendingSignIns ?? [];
    await renewSession(request);
    request.session.pendingSignIns = others;
    request.session.signIn = {
      ownerId: claims.sub,
      username: textClaim(claims["preferred_username"]) ?? claims.sub,
      keycloakSession: textClaim(claims["sid"]) ?? "",
      sealedGrant: await seal.seal(grant.tokens),
    };
    await saveSession(request);
    response.set("cache-control", "no-store").redirect(303, pending.returnTo);
  }, "completed");
}

async function takeSignIn(request: Request): Promise<PendingSignIn> {
  const all = request.session.pendingSignIns ?? [];
  const { taken, left } = takePending(all, request.query["state"], Date.now());
  if (taken === undefined) throw refused();
  request.session.pendingSignIns = left;
  // Forgotten before it is used, so that a second callback with this state finds nothing, also at another replica.
  await saveSession(request);
  return taken;
}

async function exchange(keycloak: openid.Configuration, callback: URL, pending: PendingSignIn) {
  try {
    return await openid.authorizationCodeGrant(keycloak, callback, {
      expectedState: pending.state,
      expectedNonce: pending.nonce,
      pkceCodeVerifier: pending.codeVerifier,
      idTokenExpected: true,
    });
  } catch (error) {
    // Keycloak's no (denied, wrong code, wrong verifier) is an answer; anything else is no answer.
    const answered = error instanceof openid.AuthorizationResponseError || error instanceof openid.ResponseBodyError;
    if (answered || error instanceof openid.ClientError) throw refused(error);
    throw new DomainError("unavailable", "sign_in_unavailable", { cause: error });
  }
}

function refused(cause?: unknown): DomainError {
  return new DomainError("invalid", "sign_in_failed", { cause });
}

function textClaim(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
