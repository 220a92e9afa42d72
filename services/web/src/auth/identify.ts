import { DomainError } from "@botfactory/decider";
import type { VerifyOwner } from "@botfactory/rpc";
import type { Request } from "express";
import type { ReadGrant } from "./grants.ts";
import type { Seal } from "./seal.ts";
import { destroySession } from "./session.ts";
import type { ConsoleRole, SignedIn } from "./signed-in.ts";

/** Who makes a request: by its bearer token if it shows one, else by its session; nobody is `undefined`. */
export type Identify = (request: Request) => Promise<SignedIn | undefined>;

export interface IdentifyOptions {
  readonly verifyOwner: VerifyOwner;
  readonly readGrant: ReadGrant;
  readonly seal: Seal;
}

export function identify(options: IdentifyOptions): Identify {
  const bySession = sessionIdentity(options);
  return (request) => (hasBearer(request) ? byBearer(options.verifyOwner, request) : bySession(request));
}

/** Requests with a bearer token need no CSRF token: no other site can make a browser send one. */
export function hasBearer({ headers }: Pick<Request, "headers">): boolean {
  return headers.authorization !== undefined;
}

async function byBearer(verifyOwner: VerifyOwner, request: Request): Promise<SignedIn> {
  const token = /^Bearer ([^\s]+)$/i.exec(request.headers.authorization ?? "")?.[1];
  if (token === undefined) throw new DomainError("unauthenticated", "unauthenticated");
  const { ownerId, username, roles, accessToken } = await verifyOwner(token);
  return { ownerId, username, roles: roles.filter(isConsoleRole), accessToken };
}

function sessionIdentity({ readGrant, seal }: IdentifyOptions): Identify {
  return async (request) => {
    const { signIn } = request.session;
    if (signIn === undefined) return undefined;
    const tokens = await seal.open(signIn.sealedGrant);
    const grant = tokens === undefined ? undefined : await readGrant(tokens);
    if (grant === undefined) {
      await destroySession(request);
      return undefined;
    }
    if (grant.tokens !== tokens) {
      request.session.signIn = { ...signIn, sealedGrant: await seal.seal(grant.tokens) };
    }
    const { ownerId, username } = signIn;
    return { ownerId, username, roles: grant.roles, accessToken: grant.accessToken };
  };
}

function isConsoleRole(role: string): role is ConsoleRole {
  return role === "owner" || role === "admin";
}
