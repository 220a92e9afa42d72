import type { RequestHandler } from "express";
import * as openid from "openid-client";
import type { Csrf } from "./csrf.ts";
import type { ReadGrant } from "./grants.ts";
import type { Discovery } from "./keycloak.ts";
import type { Seal } from "./seal.ts";
import { destroySession } from "./session.ts";

export interface SignOutOptions {
  readonly publicUrl: string;
  readonly discover: Discovery;
  readonly readGrant: ReadGrant;
  readonly seal: Seal;
  readonly csrf: Csrf;
}

/** POST /logout: ends the session here, then at Keycloak. */
export function signOut({ publicUrl, discover, readGrant, seal, csrf }: SignOutOptions): RequestHandler {
  async function idToken(sealed: string): Promise<string | undefined> {
    const tokens = await seal.open(sealed);
    return tokens === undefined ? undefined : (await readGrant(tokens))?.idToken;
  }
  return async (request, response) => {
    csrf.check(request);
    const { signIn } = request.session;
    await destroySession(request);
    response.set("cache-control", "no-store").set("clear-site-data", '"cache"');
    if (signIn === undefined) return response.redirect(303, "/");
    // Keycloak away: the person is signed out here all the same.
    const hint = await idToken(signIn.sealedGrant).catch(() => undefined);
    const keycloak = await discover().catch(() => undefined);
    if (hint === undefined || keycloak === undefined) return response.redirect(303, "/");
    const end = openid.buildEndSessionUrl(keycloak, { id_token_hint: hint, post_logout_redirect_uri: `${publicUrl}/` });
    response.redirect(303, end.href);
  };
}
