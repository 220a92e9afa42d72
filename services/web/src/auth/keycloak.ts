import { DomainError } from "@botfactory/decider";
import * as openid from "openid-client";
import type { KeycloakClient } from "../config.ts";

const TIMEOUT_S = 5;

/** Keycloak's description of itself, asked for at first need and again after a failure; `unavailable` while it is away. */
export function keycloakDiscovery({ url, realm, clientId, clientSecret }: KeycloakClient) {
  const realmUrl = new URL(`${url}/realms/${realm}`);
  // openid-client insists on https unless told; Keycloak inside a cluster or on this machine is plain http.
  const execute = realmUrl.protocol === "http:" ? [openid.allowInsecureRequests] : [];
  let found: Promise<openid.Configuration> | undefined;

  return async (): Promise<openid.Configuration> => {
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
