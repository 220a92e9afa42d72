import { createRemoteJWKSet, type JWTVerifyGetKey } from "jose";

// How old a key list may be before it is asked for again; a key Keycloak has withdrawn works no longer than this.
const REFRESH_AFTER_MS = 10 * 60_000;

/**
 * Keycloak's public keys, fetched at first need and again every 10 minutes or when a token names an unknown key. While
 * Keycloak is away the keys already known go on working.
 */
export function keycloakKeys(realmUrl: string, refreshAfterMs = REFRESH_AFTER_MS): JWTVerifyGetKey {
  const url = new URL(`${realmUrl}/protocol/openid-connect/certs`);
  // jose's own expiry would refuse every token as soon as a refresh fails, so the refresh is ours.
  const keys = createRemoteJWKSet(url, {
    cacheMaxAge: Number.POSITIVE_INFINITY,
    // Invented key ids may make us ask Keycloak this often, and a new key of its own waits this long at most.
    cooldownDuration: 5_000,
    timeoutDuration: 3_000,
  });
  let asked = Date.now();
  return (header, token) => {
    if (Date.now() - asked >= refreshAfterMs) {
      asked = Date.now();
      keys.reload().catch(() => undefined);
    }
    return keys(header, token);
  };
}
