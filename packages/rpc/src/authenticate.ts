import { DomainError } from "@botfactory/decider";
import type { Metadata } from "@grpc/grpc-js";
import { decodeProtectedHeader } from "jose";
import type { Caller } from "./caller.ts";
import { refusedToken } from "./refused-token.ts";
import { serviceVerifier } from "./service-identity.ts";
import { type KeycloakOptions, ownerVerifier } from "./verify-owner.ts";

/** Finds out who calls; throws `unauthenticated` or `unavailable`. */
export type Authenticate = (metadata: Metadata) => Promise<Caller>;

/** What proves a caller. Without `keycloak` only services are let in. */
export interface AuthenticatorOptions {
  readonly keycloak?: KeycloakOptions;
  /** `SERVICE_AUTH_KEY`. */
  readonly serviceAuthKey: string;
}

/** Reads `authorization: Bearer <jwt>`: a service's own token (HS256) or an owner's Keycloak access token. */
export function authenticator({ keycloak, serviceAuthKey }: AuthenticatorOptions): Authenticate {
  const verifyService = serviceVerifier(serviceAuthKey);
  const verifyOwner = keycloak === undefined ? undefined : ownerVerifier(keycloak);
  return async (metadata) => {
    const token = bearerOf(metadata);
    try {
      // The header only chooses the check; each check allows its own algorithms and keys.
      if (decodeProtectedHeader(token).alg === "HS256") return await verifyService(token);
    } catch (error) {
      throw error instanceof TypeError ? unauthenticated(error) : refusedToken(error);
    }
    if (verifyOwner === undefined) throw unauthenticated();
    return verifyOwner(token);
  };
}

function bearerOf(metadata: Metadata): string {
  const values = metadata.get("authorization");
  const [value] = values;
  const token = typeof value === "string" && values.length === 1 ? /^Bearer ([^\s]+)$/i.exec(value)?.[1] : undefined;
  if (token === undefined) throw unauthenticated();
  return token;
}

function unauthenticated(cause?: unknown): DomainError {
  return new DomainError("unauthenticated", "unauthenticated", { cause });
}
