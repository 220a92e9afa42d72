import { DomainError } from "@botfactory/decider";
import { type JWTPayload, jwtVerify } from "jose";
import type { OwnerCaller } from "./caller.ts";
import { keycloakKeys } from "./keycloak-keys.ts";
import { refusedToken } from "./refused-token.ts";

/** Where owners' access tokens come from. */
export interface KeycloakOptions {
  /** `KEYCLOAK_URL`, without `/realms`. */
  readonly url: string;
  readonly realm: string;
  /** `KEYCLOAK_CLIENT_ID`: must be in the token's audience. */
  readonly clientId: string;
}

/** Checks an access token; throws `unauthenticated`, or `unavailable` when no key could be had. */
export type VerifyOwner = (accessToken: string) => Promise<OwnerCaller>;

/** Verifies Keycloak access tokens: signature by the realm's keys, issuer, audience, expiry, and that it is no ID token. */
export function ownerVerifier({ url, realm, clientId }: KeycloakOptions): VerifyOwner {
  const issuer = `${url.replace(/\/+$/, "")}/realms/${realm}`;
  const keys = keycloakKeys(issuer);
  return async (accessToken) => {
    const { payload } = await jwtVerify(accessToken, keys, {
      algorithms: ["RS256", "ES256"],
      issuer,
      audience: clientId,
      requiredClaims: ["sub", "exp"],
      clockTolerance: 5,
    }).catch((error: unknown) => {
      throw refusedToken(error);
    });
    return ownerOf(payload, accessToken);
  };
}

function ownerOf(payload: JWTPayload, accessToken: string): OwnerCaller {
  // An ID token names the same client in its audience but was never meant to open anything.
  if (payload["typ"] !== "Bearer" || !payload.sub) throw new DomainError("unauthenticated", "unauthenticated");
  const username = payload["preferred_username"];
  return {
    kind: "owner",
    ownerId: payload.sub,
    username: typeof username === "string" ? username : payload.sub,
    roles: rolesOf(payload["realm_access"]),
    accessToken,
  };
}

function rolesOf(access: unknown): readonly string[] {
  if (typeof access !== "object" || access === null || !("roles" in access)) return [];
  return Array.isArray(access.roles) ? access.roles.filter((role) => typeof role === "string") : [];
}
