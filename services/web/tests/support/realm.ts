import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, SignJWT } from "jose";

const NAME = "botfactory";
export const CLIENT_ID = "botfactory-web";

/** What the token endpoint answers to a refresh; nothing: it hangs up. */
export interface Refresh {
  readonly status: number;
  readonly body: object;
}

/** The keys of a realm, a pen to sign tokens with, and a token endpoint: what a real Keycloak signs too slowly or never. */
export async function signingRealm() {
  const { publicKey, privateKey } = await generateKeyPair("RS256");
  const stranger = await generateKeyPair("RS256");
  const keys = { keys: [{ ...(await exportJWK(publicKey)), kid: "k1", alg: "RS256", use: "sig" }] };
  const state: { refreshes: number; refresh: () => Promise<Refresh | undefined> } = {
    refreshes: 0,
    refresh: () => Promise.resolve(undefined),
  };

  async function answer(path: string, response: ServerResponse): Promise<void> {
    if (path.endsWith("/certs")) return reply(response, { status: 200, body: keys });
    state.refreshes += 1;
    const refreshed = await state.refresh();
    if (refreshed === undefined) response.destroy();
    else reply(response, refreshed);
  }
  const server = createServer((request, response) => {
    request.resume().once("end", () => void answer(request.url ?? "", response));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const now = Math.floor(Date.now() / 1_000);
  const good = {
    iss: `${url}/realms/${NAME}`,
    aud: [CLIENT_ID],
    sub: "owner-a",
    typ: "Bearer",
    preferred_username: "ada",
    realm_access: { roles: ["owner"] },
    iat: now,
    exp: now + 300,
  };
  const sign = (claims: object, key = privateKey) =>
    new SignJWT({ ...good, ...claims }).setProtectedHeader({ alg: "RS256", kid: "k1" }).sign(key);
  return {
    keycloak: { url, realm: NAME, clientId: CLIENT_ID, clientSecret: "unused" },
    now,
    state,
    /** A good access token but for the claims given. */
    token: (claims: object = {}) => sign(claims),
    tokenOfStranger: () => sign({}, stranger.privateKey),
    async stop() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function reply(response: ServerResponse, { status, body }: Refresh): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}
