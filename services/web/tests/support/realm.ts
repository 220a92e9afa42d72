import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, SignJWT } from "jose";

const NAME = "botfactory";
export const CLIENT_ID = "botfactory-web";

/** The keys of a realm and a pen to sign tokens with, for what a real Keycloak signs too slowly or never. */
export async function signingRealm() {
  const { publicKey, privateKey } = await generateKeyPair("RS256");
  const stranger = await generateKeyPair("RS256");
  const keys = { keys: [{ ...(await exportJWK(publicKey)), kid: "k1", alg: "RS256", use: "sig" }] };
  const server = createServer((_request, response) => {
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(keys));
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
    /** A good access token but for the claims given. */
    token: (claims: object = {}) => sign(claims),
    tokenOfStranger: () => sign({}, stranger.privateKey),
    stop: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}
