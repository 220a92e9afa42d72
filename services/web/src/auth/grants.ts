import { types } from "node:util";
import { DomainError } from "@botfactory/decider";
import type { VerifyOwner } from "@botfactory/rpc";
import { decodeJwt } from "jose";
import KeycloakConnect from "keycloak-connect";
import { z } from "zod";
import type { KeycloakClient } from "../config.ts";
import type { ConsoleRole } from "./signed-in.ts";

/** A verified grant. `tokens` is what to keep: another text than was given when the tokens were refreshed. */
export interface Grant {
  readonly tokens: string;
  readonly accessToken: string;
  readonly idToken: string | undefined;
  readonly roles: readonly ConsoleRole[];
}

/** Verifies a token set and refreshes it when it is expired; nothing when Keycloak no longer honours it. */
export type ReadGrant = (tokens: string) => Promise<Grant | undefined>;

const tokenSet = z.object({ access_token: z.string(), id_token: z.string().optional() });
const ROLES = ["owner", "admin"] as const satisfies readonly ConsoleRole[];
const TIMEOUT_MS = 5_000;
const SOON_MS = 10_000;

/** The only place that knows keycloak-connect; its own sign-in, sign-out and middleware are never mounted. */
export function grants({ url, realm, clientId, clientSecret }: KeycloakClient, verifyOwner: VerifyOwner): ReadGrant {
  // Its types lack the members it needs beyond the ones it asks for, so the object is built before it is passed.
  const config = {
    realm,
    resource: clientId,
    "auth-server-url": url,
    "ssl-required": "external",
    "confidential-port": 0,
    "verify-token-audience": true,
    credentials: { secret: clientSecret },
  };
  const { grantManager } = new KeycloakConnect({}, config);

  async function freshGrant(tokens: string): Promise<KeycloakConnect.Grant> {
    const grant = await grantManager.createGrant(tokens);
    if (!expiresSoon(accessTokenOf(tokens))) return grant;
    return grantManager.ensureFreshness(Object.assign(grant, { isExpired: () => true }));
  }

  return sharing(async (tokens) => {
    try {
      return toGrant(await inTime(freshGrant(tokens)));
    } catch (error) {
      await throwIfAway(error, () => verifyOwner(accessTokenOf(tokens)));
      return undefined;
    }
  });
}

/** A page asks several things at once with one session: they share one check and one refresh. */
function sharing(read: ReadGrant): ReadGrant {
  const running = new Map<string, Promise<Grant | undefined>>();
  return (tokens) => {
    const shared = running.get(tokens) ?? read(tokens).finally(() => running.delete(tokens));
    running.set(tokens, shared);
    return shared;
  };
}

const accessTokenOf = (tokens: string) => tokenSet.parse(JSON.parse(tokens)).access_token;

// A token good at the console but expired at the service it is passed on to would sign the person out for no reason.
function expiresSoon(accessToken: string): boolean {
  const { exp = 0 } = decodeJwt(accessToken);
  const now = Date.now();
  return exp * 1_000 > now && exp * 1_000 < now + SOON_MS;
}

function toGrant(grant: KeycloakConnect.Grant): Grant {
  const tokens = grant.toString();
  if (tokens === undefined) throw new Error("keycloak-connect lost the text of a grant");
  const { access_token: accessToken, id_token: idToken } = tokenSet.parse(JSON.parse(tokens));
  const roles = ROLES.filter((role) => grant.access_token?.hasRole(`realm:${role}`));
  return { tokens, accessToken, idToken, roles };
}

// keycloak-connect says everything by messages: `400:Bad Request` is Keycloak's own no to a refresh.
const ENDED = /^4\d\d:|^Unable to refresh/;
const NO_ANSWER = /^5\d\d:|^socket hang up/;

async function throwIfAway(error: unknown, judge: () => Promise<unknown>): Promise<void> {
  if (types.isNativeError(error)) {
    if (ENDED.test(error.message)) return;
    if ("syscall" in error || NO_ANSWER.test(error.message)) throw away(error);
  }
  if (error instanceof DomainError) throw error;
  // "failed to load public key" may be a lost Keycloak or a token of another one; jose can tell them apart.
  await judge().catch((reason: unknown) => {
    if (reason instanceof DomainError && reason.kind === "unavailable") throw away(reason);
  });
}

async function inTime<Result>(work: Promise<Result>): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(away(new Error("keycloak-connect waits for ever"))), TIMEOUT_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function away(cause: unknown): DomainError {
  return new DomainError("unavailable", "unavailable", { cause });
}
