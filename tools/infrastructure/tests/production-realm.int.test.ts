import { createHash, randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import {
  type KeycloakAdmin,
  keycloakAdmin,
  productionRealm,
  type StartedKeycloak,
  startKeycloak,
} from "../src/index.ts";
import { browser, type Shown } from "./production-realm/browser.ts";

const MINUTE = 60_000;
const REALM = "people";
const CONSOLE = "https://console.example.org";
const ADMINISTRATOR = { username: "administrator", password: "password-of-the-administrator" };
const ANNA = { username: "anna", password: "long-enough-for-anna" };
const OLIM = { username: "olim", password: "long-enough-for-olim" };
const VERIFIER = randomBytes(32).toString("base64url");

let keycloak: StartedKeycloak;
let admin: KeycloakAdmin;
beforeAll(async () => {
  keycloak = await startKeycloak({ progress: () => undefined, administrator: ADMINISTRATOR });
  admin = keycloakAdmin(keycloak.url, ADMINISTRATOR);
  await admin("POST", "realms", { ...(await productionRealm(CONSOLE)), realm: REALM });
}, 5 * MINUTE);
afterAll(() => keycloak?.stop(), MINUTE);

describe("the realm for people", () => {
  it("is not taken while nobody has said where the console is", async () => {
    const without = admin("POST", "realms", { ...(await productionRealm()), realm: "nowhere" });
    await expect(without).rejects.toThrow("POST realms: 500");
    expect((await fetch(`${keycloak.url}/realms/nowhere`)).status).toBe(404);
  });

  it("has none of the demo's people", async () => {
    expect(await admin("GET", `realms/${REALM}/users`)).toEqual([]);
  });

  it("signs an owner in by a code, with a secret that Keycloak made", async () => {
    await admin("POST", `realms/${REALM}/users`, person(ANNA));
    const { send, open } = browser();
    const { sentTo } = await send(await open(signIn()), ANNA);
    expect(`${sentTo?.origin}${sentTo?.pathname}`).toBe(`${CONSOLE}/callback`);
    const code = sentTo?.searchParams.get("code") ?? "";
    const secret = await secretOfConsole();
    const answer = await askToken({ ...redeeming(code), client_secret: secret });
    const { access_token } = (await answer.json()) as { access_token: string };
    const claims = JSON.parse(Buffer.from(access_token.split(".")[1] ?? "", "base64url").toString());
    expect(claims).toMatchObject({ preferred_username: "anna", aud: expect.arrayContaining(["botfactory-web"]) });
    expect(claims.realm_access.roles).toContain("owner");
    expect(claims.realm_access.roles).not.toContain("admin");
  });

  it.each([
    [`${CONSOLE}/callback`, 200],
    [`${CONSOLE}/elsewhere`, 400],
    [`${CONSOLE}.evil.example/callback`, 400],
    ["http://127.0.0.1:4567/callback", 400],
    ["http://localhost/callback", 400],
  ])("goes back to %s: %i", async (redirect, status) => {
    expect((await browser().open(signIn({ redirect_uri: redirect }))).status).toBe(status);
  });

  it("gives nobody a token for a password", async () => {
    const password = { grant_type: "password", ...ANNA };
    const byCli = await askToken({ ...password, client_id: "botfactory-cli" });
    expect(await byCli.json()).toMatchObject({ error: "invalid_client" });
    const byConsole = { ...password, client_id: "botfactory-web", client_secret: await secretOfConsole() };
    expect(await (await askToken(byConsole)).json()).toMatchObject({ error: "unauthorized_client" });
  });

  it("does not know the demo's secret", async () => {
    const answer = await askToken({ ...redeeming("none"), client_secret: keycloak.clientSecret });
    expect(await answer.json()).toMatchObject({ error: "unauthorized_client" });
  });

  it("lets nobody in who registers and has not answered a letter", async () => {
    const { open, follow, send } = browser();
    const form = await follow(await open(signIn({ ui_locales: "uz" })), /href="([^"]+registration[^"]+)"/);
    const refused = await send(form, registering("short"));
    expect(refused.text).toContain("Parol qisqa: kamida 10 ta belgi kerak.");
    expectWaiting(await send(refused, registering(OLIM.password)));
    const again = browser();
    expectWaiting(await again.send(await again.open(signIn({ ui_locales: "uz" })), OLIM));
  });
});

// The realm has no server for letters.
function expectWaiting({ text, sentTo }: Shown): void {
  expect(text).toContain("Emailni tasdiqlash");
  expect(sentTo).toBeUndefined();
}

const person = ({ username, password }: typeof ANNA) => ({
  username,
  email: `${username}@example.org`,
  emailVerified: true,
  firstName: "Anna",
  lastName: "Ivanova",
  enabled: true,
  credentials: [{ type: "password", value: password, temporary: false }],
});

const registering = (password: string) => ({
  username: "olim",
  email: "olim@example.org",
  firstName: "Olim",
  lastName: "Karimov",
  password,
  "password-confirm": password,
});

const redeeming = (code: string) => ({
  grant_type: "authorization_code",
  client_id: "botfactory-web",
  redirect_uri: `${CONSOLE}/callback`,
  code_verifier: VERIFIER,
  code,
});

function signIn(more: Record<string, string> = {}): URL {
  const query = new URLSearchParams({
    client_id: "botfactory-web",
    response_type: "code",
    scope: "openid",
    redirect_uri: `${CONSOLE}/callback`,
    code_challenge: createHash("sha256").update(VERIFIER).digest("base64url"),
    code_challenge_method: "S256",
    ...more,
  });
  return new URL(`${keycloak.url}/realms/${REALM}/protocol/openid-connect/auth?${query}`);
}

function askToken(form: Record<string, string>): Promise<Response> {
  const body = new URLSearchParams(form);
  return fetch(`${keycloak.url}/realms/${REALM}/protocol/openid-connect/token`, { method: "POST", body });
}

async function secretOfConsole(): Promise<string> {
  const [client] = (await admin("GET", `realms/${REALM}/clients?clientId=botfactory-web`)) as { secret: string }[];
  return client?.secret ?? "";
}
