import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from "jose";

/** A realm's key list and a pen to sign tokens with: all of Keycloak that a verifier sees. */
export async function localKeycloak() {
  const { publicKey, privateKey } = await generateKeyPair("RS256");
  const foreign = await generateKeyPair("RS256");
  const state = { asked: 0, away: false, withdrawn: false };
  const keys = { keys: [{ ...(await exportJWK(publicKey)), kid: "k1", alg: "RS256", use: "sig" }] };
  const server = createServer((_request, response) => {
    state.asked += 1;
    if (state.away) response.writeHead(503).end();
    else
      response
        .writeHead(200, { "content-type": "application/json" })
        .end(JSON.stringify(state.withdrawn ? { keys: [] } : keys));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const options = { url, realm: "botfactory", clientId: "web" };

  const sign = (claims: object, { key = privateKey, kid = "k1" } = {}) =>
    new SignJWT({ typ: "Bearer", preferred_username: "ada", realm_access: { roles: ["owner"] }, ...claims })
      .setProtectedHeader({ alg: "RS256", kid })
      .sign(key);
  const now = Math.floor(Date.now() / 1_000);
  const good = { iss: `${url}/realms/botfactory`, aud: ["account", "web"], sub: "owner-1", iat: now, exp: now + 300 };

  return {
    options,
    state,
    good,
    now,
    /** An access token; claims given replace the good ones. */
    token: (claims: { readonly [name in keyof JWTPayload]: JWTPayload[name] | undefined } = {}) =>
      sign({ ...good, ...claims }),
    /** Signed by somebody else under a key id of ours, or of theirs. */
    forged: (kid = "k1") => sign(good, { key: foreign.privateKey, kid }),
    stop: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}
