import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { SignJWT, UnsecuredJWT } from "jose";
import { client, serviceIdentity } from "../src/index.ts";
import { EchoService } from "./proto/gen/echo_pb.ts";
import { echoServer, errorOf, KEY } from "./support/echo.ts";
import { localKeycloak } from "./support/local-keycloak.ts";

let keycloak: Awaited<ReturnType<typeof localKeycloak>>;
let server: Awaited<ReturnType<typeof echoServer>>;
let anonymous: ReturnType<typeof anonymousClient>;
const anonymousClient = (url: string) => client(EchoService, { url });

beforeAll(async () => {
  keycloak = await localKeycloak();
  server = await echoServer({ keycloak: keycloak.options });
  anonymous = anonymousClient(server.url);
});
afterAll(async () => {
  anonymous.close();
  await server.stop();
  await keycloak.stop();
});

const unauthenticated = { kind: "unauthenticated", code: "unauthenticated" };
const forbidden = { kind: "forbidden", code: "forbidden" };
const roles = (...names: string[]) => ({ realm_access: { roles: names } });

describe("a method open to owners and to web", () => {
  it("knows an owner by the token's subject", async () => {
    const { caller } = await server.web.echo({}, { as: await keycloak.token({ sub: "owner-7" }) });
    expect(caller).toBe("owner-7");
  });
  it("lets an admin in", async () => {
    expect(await server.web.echo({}, { as: await keycloak.token(roles("admin")) })).toBeDefined();
  });
  it("refuses a person without a role", async () => {
    expect(await errorOf(server.web.echo({}, { as: await keycloak.token(roles()) }))).toMatchObject(forbidden);
  });
  it("knows the service web", async () => {
    expect((await server.web.echo({})).caller).toBe("web");
  });
  it("refuses another service", async () => {
    expect(await errorOf(server.clientOf("ingress").echo({}))).toMatchObject(forbidden);
  });
  it("refuses nobody in particular", async () => {
    expect(await errorOf(anonymous.echo({}))).toMatchObject(unauthenticated);
  });
});

describe("a method for admins only", () => {
  it("streams to an admin", async () => {
    const token = await keycloak.token(roles("admin"));
    for await (const { number } of server.web.count({ times: 1 }, { as: token })) expect(number).toBe(1);
  });
  it("refuses an owner", async () => {
    expect(await errorOf(server.web.count({}, { as: await keycloak.token() }))).toMatchObject(forbidden);
  });
  it("refuses a service", async () => {
    expect(await errorOf(server.web.count({}))).toMatchObject(forbidden);
  });
});

describe("a method for services only", () => {
  it("refuses an admin", async () => {
    expect(await errorOf(server.web.echoAgain({}, { as: await keycloak.token(roles("admin")) }))).toMatchObject(
      forbidden,
    );
  });
});

describe("an owner's token is refused when it", () => {
  const cases: [string, () => Promise<string> | string][] = [
    ["has expired", () => keycloak.token({ exp: keycloak.now - 60 })],
    ["is not valid yet", () => keycloak.token({ nbf: keycloak.now + 600 })],
    ["never expires", () => keycloak.token({ exp: undefined })],
    ["was made for another client", () => keycloak.token({ aud: ["account"] })],
    ["comes from another realm", () => keycloak.token({ iss: `${keycloak.options.url}/realms/master` })],
    ["is an ID token", () => keycloak.token({ typ: "ID" })],
    ["has no subject", () => keycloak.token({ sub: undefined })],
    ["was signed by somebody else", () => keycloak.forged()],
    ["was signed with a key nobody knows", () => keycloak.forged("k2")],
    ["is not signed", () => new UnsecuredJWT(keycloak.good).encode()],
    ["is no token", () => "nonsense"],
    ["is empty", () => ""],
  ];
  it.each(cases)("%s", async (_name, token) => {
    expect(await errorOf(anonymous.echo({}, { as: await token() }))).toMatchObject(unauthenticated);
  });
});

describe("a service's token is refused when it", () => {
  const bytes = new TextEncoder().encode(KEY);
  const token = () => new SignJWT().setProtectedHeader({ alg: "HS256" }).setIssuer("web").setIssuedAt();
  const cases: [string, () => Promise<string>][] = [
    ["was signed with another key", serviceIdentity({ name: "web", key: "x".repeat(44) })],
    ["is meant for others", () => token().setAudience("elsewhere").setExpirationTime("60s").sign(bytes)],
    ["never expires", () => token().setAudience("botfactory-services").sign(bytes)],
    [
      "is older than a minute",
      () => token().setIssuedAt(0).setAudience("botfactory-services").setExpirationTime("60s").sign(bytes),
    ],
    [
      "was signed with the realm's public key as a secret",
      () => token().setAudience("botfactory-services").setExpirationTime("60s").sign(new TextEncoder().encode("k1")),
    ],
  ];
  it.each(cases)("%s", async (_name, make) => {
    expect(await errorOf(anonymous.echo({}, { as: await make() }))).toMatchObject(unauthenticated);
  });
});

describe("Keycloak being away", () => {
  it("does not matter once its keys are known, and refuses nobody as a liar when they are not", async () => {
    await server.web.echo({}, { as: await keycloak.token() });
    keycloak.state.away = true;
    expect(await server.web.echo({}, { as: await keycloak.token() })).toBeDefined();
    const fresh = await echoServer({ keycloak: keycloak.options });
    const error = await errorOf(fresh.web.echo({}, { as: await keycloak.token() }));
    await fresh.stop();
    keycloak.state.away = false;
    expect(error).toMatchObject({ kind: "unavailable", code: "unavailable" });
  });
});
