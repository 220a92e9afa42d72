import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type StartedKeycloak, startKeycloak } from "../src/index.ts";

const MINUTE = 60_000;
let keycloak: StartedKeycloak;
beforeAll(async () => {
  keycloak = await startKeycloak({ progress: () => undefined });
}, 5 * MINUTE);
afterAll(() => keycloak.stop(), MINUTE);

const people = [
  ["aziza", ["owner"]],
  ["boris", ["owner"]],
  ["admin", ["admin", "owner"]],
] as const;

describe("the demo realm", () => {
  it.each(people)(
    "lets %s take a token by password, for the console's audience, with the roles %j",
    async (username, roles) => {
      const token = await tokenOf(username);
      expect(token).toMatchObject({
        iss: `${keycloak.url}/realms/botfactory`,
        aud: "botfactory-web",
        preferred_username: username,
        realm_access: { roles: expect.arrayContaining([...roles]) },
      });
      // Keycloak reads its clock (whole seconds) once for each of the two.
      expect([300, 301]).toContain(token.exp - token.iat);
      expect(token.realm_access.roles.includes("admin")).toBe(username === "admin");
    },
  );

  it("lets the console's client use no password", async () => {
    const form = { client_id: "botfactory-web", client_secret: keycloak.clientSecret };
    expect((await askToken({ ...form, username: "aziza", password: "demo-aziza" })).status).toBe(400);
  });

  it.each([
    ["http://127.0.0.1:4567/callback", 200],
    ["http://localhost:4567/callback", 200],
    ["https://evil.example/callback", 400],
    ["http://127.0.0.1.evil.example/callback", 400],
  ])("after a sign-in goes back to %s: %i", async (redirect, status) => {
    expect((await signInPage({ redirect_uri: redirect })).status).toBe(status);
  });

  it("insists on PKCE", async () => {
    const answer = await signInPage({ code_challenge: "", code_challenge_method: "" });
    expect(answer.headers.get("location")).toContain("error=invalid_request");
  });

  it.each([
    ["uz", "Foydalanuvchi nomi"],
    ["ru", "Имя пользователя"],
    ["en", "Username"],
  ])("greets in %s", async (language, words) => {
    const page = await (await signInPage({ ui_locales: language })).text();
    expect(page).toContain(`lang="${language}"`);
    expect(page).toContain(words);
  });
});

interface AccessToken {
  readonly exp: number;
  readonly iat: number;
  readonly realm_access: { readonly roles: readonly string[] };
}

async function tokenOf(username: string): Promise<AccessToken> {
  const answer = await askToken({ client_id: keycloak.clientId, username, password: `demo-${username}` });
  const { access_token } = (await answer.json()) as { access_token: string };
  return JSON.parse(Buffer.from(access_token.split(".")[1] ?? "", "base64url").toString());
}

function askToken(form: Record<string, string>): Promise<Response> {
  const body = new URLSearchParams({ grant_type: "password", scope: "openid", ...form });
  return fetch(keycloak.tokenEndpoint, { method: "POST", body });
}

function signInPage(more: Record<string, string>): Promise<Response> {
  const query = new URLSearchParams({
    client_id: "botfactory-web",
    response_type: "code",
    scope: "openid",
    redirect_uri: "http://127.0.0.1:4567/callback",
    code_challenge: "x".repeat(43),
    code_challenge_method: "S256",
    ...more,
  });
  return fetch(`${keycloak.url}/realms/botfactory/protocol/openid-connect/auth?${query}`, { redirect: "manual" });
}
