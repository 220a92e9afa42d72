import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "@jest/globals";
import { keycloakDiscovery } from "../src/auth/keycloak.ts";

let asked = 0;
let server: Server;

/** A realm that describes itself and can leave. */
async function realm() {
  asked = 0;
  server = createServer((request, response) => {
    asked += 1;
    const issuer = `http://${request.headers.host}/realms/r`;
    const endpoints = { authorization_endpoint: `${issuer}/auth`, token_endpoint: `${issuer}/token` };
    response.setHeader("content-type", "application/json").end(JSON.stringify({ issuer, ...endpoints }));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, realm: "r", clientId: "web", clientSecret: "x" };
}

async function leave(): Promise<void> {
  server.closeAllConnections();
  server.close();
  await once(server, "close");
}

afterEach(async () => {
  if (server.listening) await leave();
});

describe("the way to Keycloak's sign-in page", () => {
  it("is refused here once Keycloak has left, though it was known a while ago", async () => {
    const discover = keycloakDiscovery(await realm(), 0);
    await discover();
    await leave();
    await expect(discover()).rejects.toMatchObject({ kind: "unavailable", code: "sign_in_unavailable" });
  });

  it("is asked for once by many who sign in at the same moment", async () => {
    const discover = keycloakDiscovery(await realm());
    await Promise.all([discover(), discover(), discover()]);
    expect(asked).toBe(1);
  });
});
