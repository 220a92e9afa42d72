import { DomainError } from "@botfactory/decider";
import { jwtVerify, SignJWT } from "jose";
import { LRUCache } from "lru-cache";
import type { ServiceCaller } from "./caller.ts";

const AUDIENCE = "botfactory-services";
const LIFETIME_S = 60;
// A token is renewed while the old one still outlives any call and a clock that is a little off.
const RENEW_AFTER_MS = 40_000;
const CLOCK_TOLERANCE_S = 5;
// A handful of services, some processes each.
const TOKENS_KEPT = 1_000;

/** Gives the bearer token a service shows to others. */
export type ServiceIdentity = () => Promise<string>;

/** Signs 60-second tokens in the name of a service with `SERVICE_AUTH_KEY`, one every 40 seconds at most. */
export function serviceIdentity({ name, key }: { readonly name: string; readonly key: string }): ServiceIdentity {
  let current: { readonly token: Promise<string>; readonly since: number } | undefined;
  return () => {
    if (current === undefined || Date.now() - current.since > RENEW_AFTER_MS) {
      current = { token: sign(name, key), since: Date.now() };
    }
    return current.token;
  };
}

/**
 * Checks services' tokens, each one once: a caller shows the same for 40 seconds, and what was proved holds until it
 * expires. Rejects with jose's errors.
 */
export function serviceVerifier(key: string): (token: string) => Promise<ServiceCaller> {
  const proved = new LRUCache<string, ServiceCaller>({ max: TOKENS_KEPT });
  return async (token) => {
    const known = proved.get(token);
    if (known !== undefined) return known;
    const { caller, expiresAt } = await prove(token, key);
    const ttl = expiresAt - Date.now();
    if (ttl > 0) proved.set(token, caller, { ttl });
    return caller;
  };
}

async function prove(token: string, key: string): Promise<{ caller: ServiceCaller; expiresAt: number }> {
  const { payload } = await jwtVerify(token, bytes(key), {
    algorithms: ["HS256"],
    audience: AUDIENCE,
    requiredClaims: ["iss", "exp", "iat"],
    maxTokenAge: LIFETIME_S,
    clockTolerance: CLOCK_TOLERANCE_S,
  });
  const { iss, exp = 0, iat = 0 } = payload;
  if (iss === undefined) throw new DomainError("unauthenticated", "unauthenticated");
  return { caller: { kind: "service", name: iss }, expiresAt: Math.min(exp, iat + LIFETIME_S) * 1_000 };
}

function sign(name: string, key: string): Promise<string> {
  return new SignJWT()
    .setProtectedHeader({ alg: "HS256" })
    .setIssuer(name)
    .setAudience(AUDIENCE)
    .setIssuedAt()
    .setExpirationTime(`${LIFETIME_S}s`)
    .sign(bytes(key));
}

function bytes(key: string): Uint8Array {
  return new TextEncoder().encode(key);
}
