import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, it } from "@jest/globals";
import { checkClients } from "./check-keycloak-clients.ts";

let server: Server;
afterEach(() => void server.close());

/** A Keycloak, or what stands before it, that answers in turn. */
async function answering(...answers: readonly [status: number, error: string][]): Promise<string> {
  const left = [...answers];
  server = createServer((_request, response) => {
    const [status, error] = left.shift() ?? [500, ""];
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify({ error }));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/realms/botfactory`;
}

it("what one answer told is not forgotten where the other tells nothing", async () => {
  const issuer = await answering([401, "invalid_grant"], [429, "slow_down"]);
  const { found } = await checkClients(issuer, Date.now);
  expect(found).toContain("botfactory-cli takes people's passwords");
});

it("nobody can say where an answer tells nothing and the other is a refusal", async () => {
  const issuer = await answering([401, "invalid_client"], [429, "slow_down"]);
  expect(await checkClients(issuer, Date.now)).toMatchObject({
    verdict: "SKIP",
    found: expect.stringContaining("429"),
  });
});
