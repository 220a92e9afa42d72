import { DomainError } from "@botfactory/decider";
import * as openid from "openid-client";
import type { KeycloakClient } from "../config.ts";

const TIMEOUT_S = 5;
// A browser sent on to a Keycloak that has left shows its own error page; so before that we look whether it is there.
const FRESH_MS = 5_000;

/** Keycloak's description of itself, a few seconds old at most; `unavailable` while it is away. */
export function keycloakDiscovery({ url, realm, clientId, clientSecret }: KeycloakClient, freshMs = FRESH_MS) {
  const realmUrl = new URL(`${url}/realms/${realm}`);
  // openid-client insists on https unless told; Keycloak inside a cluster or on this machine is plain http.
  const execute = realmUrl.protocol === "http:" ? [openid.allowInsecureRequests] : [];
  let found: Promise<openid.Configuration> | undefined;
  let askedAt = 0;

  return async (): Promise<openid.Configuration> => {
    if (Date.now() - askedAt >= freshMs) found = undefined;
    if (found === undefined) askedAt = Date.now();
    found ??= openid.discovery(realmUrl, clientId, clientSecret, undefined, { execute, timeout: TIMEOUT_S });
    try {
      return await found;
    } catch (error) {
      found = undefined;
      throw new DomainError("unavailable", "sign_in_unavailable", { cause: error });
    }
  };
}

export type Discovery = ReturnType<typeof keycloakDiscovery>;
