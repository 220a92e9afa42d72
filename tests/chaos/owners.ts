import { once } from "node:events";
import { createServer } from "node:http";
import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { portOf } from "./port-of.ts";

const REALM = "botfactory";
export const CLIENT_ID = "botfactory-web";

export interface Issuer {
  readonly url: string;
  /** An access token of an owner, good for a day: a storm is longer than Keycloak's five minutes. */
  token(ownerId: string, roles?: readonly string[]): Promise<string>;
  close(): Promise<void>;
}

/** The keys of a realm and a pen to sign with: all that the services see of Keycloak. Any number of owners. */
export async function issuer(): Promise<Issuer> {
  const { publicKey, privateKey } = await generateKeyPair("RS256");
  const keys = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: "storm", alg: "RS256", use: "sig" }] });
  const server = createServer((_request, response) => {
    response.writeHead(200, { "content-type": "application/json" }).end(keys);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${portOf(server)}`;
  return {
    url,
    token: (ownerId, roles = ["owner"]) =>
      new SignJWT({ typ: "Bearer", preferred_username: ownerId, realm_access: { roles } })
        .setProtectedHeader({ alg: "RS256", kid: "storm" })
        .setIssuer(`${url}/realms/${REALM}`)
        .setSubject(ownerId)
        .setAudience(CLIENT_ID)
        .setIssuedAt()
        .setExpirationTime("1d")
        .sign(privateKey),
    async close() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
