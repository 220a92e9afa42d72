import { ownerVerifier } from "@botfactory/rpc";
import { type RequestHandler, Router } from "express";
import type { MongoClient } from "mongodb";
import type { WebConfig } from "../config.ts";
import { formBody } from "../json-body.ts";
import { backChannelLogout } from "./back-channel-logout.ts";
import { type Csrf, csrf } from "./csrf.ts";
import { grants } from "./grants.ts";
import { type Identify, identify } from "./identify.ts";
import { keycloakDiscovery } from "./keycloak.ts";
import { sealWith } from "./seal.ts";
import { sessions } from "./session.ts";
import type { SessionStore } from "./session-store.ts";
import { finishSignIn, startSignIn } from "./sign-in.ts";
import { signOut } from "./sign-out.ts";

export interface AuthStores {
  readonly mongo: MongoClient;
  readonly store: SessionStore;
}

/** All the rest of web knows of signing in; Keycloak and the libraries that speak to it stay in this folder. */
export interface Auth {
  readonly session: RequestHandler;
  readonly csrf: Csrf;
  readonly identify: Identify;
  /** /login, /callback, /logout; after `session`. */
  readonly routes: RequestHandler;
  /** /k_logout, asked by Keycloak and so without session and CSRF token. */
  readonly backChannel: RequestHandler;
}

export function auth(config: WebConfig, { mongo, store }: AuthStores): Auth {
  const { publicUrl, keycloak, sessionSecret: secret } = config;
  const verifyOwner = ownerVerifier(keycloak);
  const seal = sealWith(secret);
  const readGrant = grants(keycloak, verifyOwner);
  const dance = { publicUrl, seal, readGrant, discover: keycloakDiscovery(keycloak) };
  const protection = csrf({ publicUrl, secret });
  return {
    session: sessions({ store, secret, publicUrl }),
    csrf: protection,
    identify: identify({ verifyOwner, readGrant, seal }),
    routes: Router()
      .get("/login", startSignIn(dance))
      .get("/callback", finishSignIn(dance))
      .post("/logout", formBody(), signOut({ ...dance, csrf: protection })),
    backChannel: Router().post("/k_logout", formBody(), backChannelLogout(keycloak, mongo)),
  };
}
