import { DomainError } from "@botfactory/decider";
import type { RequestHandler } from "express";
import { createRemoteJWKSet, type JWTPayload, jwtVerify } from "jose";
import type { MongoClient } from "mongodb";
import { z } from "zod";
import type { KeycloakClient } from "../config.ts";
import { endSessions } from "./session.ts";

const LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout";

const logoutClaims = z.object({
  events: z.looseObject({ [LOGOUT_EVENT]: z.looseObject({}) }),
  // A logout token has no nonce by the standard, so that an ID token can never pass for one.
  nonce: z.undefined().optional(),
  sid: z.string().min(1).optional(),
  sub: z.string().min(1).optional(),
});

/** POST /k_logout: Keycloak says, signed, that a session has ended elsewhere (OpenID Connect Back-Channel Logout 1.0). */
export function backChannelLogout({ url, realm, clientId }: KeycloakClient, mongo: MongoClient): RequestHandler {
  const issuer = `${url}/realms/${realm}`;
  const keys = createRemoteJWKSet(new URL(`${issuer}/protocol/openid-connect/certs`), { timeoutDuration: 3_000 });
  return async (request, response) => {
    const { payload } = await jwtVerify(tokenOf(request.body), keys, {
      issuer,
      audience: clientId,
      algorithms: ["RS256", "ES256"],
      requiredClaims: ["iat", "jti"],
      maxTokenAge: "5 min",
      clockTolerance: 5,
    }).catch((error: unknown) => {
      throw refused(error);
    });
    const { sid, sub } = claimsOf(payload);
    await endSessions(mongo, { keycloakSession: sid, ownerId: sub });
    response.set("cache-control", "no-store").status(200).end();
  };
}

function claimsOf(payload: JWTPayload) {
  const { success, data } = logoutClaims.safeParse(payload);
  if (!success || (data.sid === undefined && data.sub === undefined)) throw refused();
  return data;
}

function tokenOf(body: unknown): string {
  const parsed = z.object({ logout_token: z.string() }).safeParse(body);
  if (!parsed.success) throw refused();
  return parsed.data.logout_token;
}

// The standard asks for 400 whatever is wrong with the token.
function refused(cause?: unknown): DomainError {
  return new DomainError("invalid", "body_invalid", { cause });
}
