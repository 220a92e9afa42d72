import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort, type StartedKeycloak, startKeycloak } from "@botfactory/infrastructure";
import { Plan } from "@botfactory/proto/events/v1/account";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { type Browser, browser } from "./support/browser.ts";
import { startConsole } from "./support/console.ts";
import { peopleOf } from "./support/people.ts";

const COOKIE = "botfactory";
const SLOW_MS = 240_000;

let keycloak: StartedKeycloak;
let web: Awaited<ReturnType<typeof startConsole>>;
let people: ReturnType<typeof peopleOf>;
let clientDirectory: string;
let created = 0;

beforeAll(async () => {
  const port = await freePort();
  clientDirectory = await mkdtemp(join(tmpdir(), "web-client-"));
  await writeFile(join(clientDirectory, "index.html"), "<!doctype html><title>the browser app</title>");
  keycloak = await startKeycloak({ webUrl: `http://127.0.0.1:${port}` });
  const { url, realm, clientSecret } = keycloak;
  web = await startConsole({
    port,
    clientDirectory,
    keycloak: { url, realm, clientId: "botfactory-web", clientSecret },
    services: {
      bots: {
        async getAccount(_request, { caller }) {
          return { ownerId: caller.kind === "owner" ? caller.ownerId : "", plan: Plan.FREE, botsLimit: 1 };
        },
        async createBot({ name }) {
          created += 1;
          return { bot: { id: "abcdefghij234567abcd", name }, revision: 1n };
        },
      },
    },
  });
  people = peopleOf(web.publicUrl);
}, SLOW_MS);

afterAll(async () => {
  await web?.stop();
  await keycloak?.stop();
  await rm(clientDirectory, { recursive: true, force: true });
}, SLOW_MS);

const me = async (at: Browser) => (await people.api(at, "/me")).status;

describe("a person who opens a page", () => {
  it("signs in at Keycloak and comes back to that page", async () => {
    const at = browser();
    const form = await at.go(`${web.publicUrl}/telegram/setup/abc?tab=1`);
    expect(form.url.href.startsWith(keycloak.url)).toBe(true);
    const page = await at.submit(form, { username: "aziza", password: "demo-aziza" });
    expect([page.url.href, page.status]).toEqual([`${web.publicUrl}/telegram/setup/abc?tab=1`, 200]);
    expect(page.text).toContain("the browser app");
    const { body } = await people.api(at, "/me");
    expect(body.owner).toEqual({ id: "a21fa000-0000-4000-8000-000000000001", username: "aziza", roles: ["owner"] });
  });

  it("is asked in the language of the console, with PKCE, state and nonce", async () => {
    const at = browser();
    at.plant(web.publicUrl, "botfactory-language", "ru");
    const { headers } = await at.step(`${web.publicUrl}/login`);
    const asked = new URL(headers.get("location") ?? "").searchParams;
    expect(Object.fromEntries(asked)).toMatchObject({
      ui_locales: "ru",
      code_challenge_method: "S256",
      redirect_uri: `${web.publicUrl}/callback`,
      state: expect.stringMatching(/.{20,}/),
      nonce: expect.stringMatching(/.{20,}/),
    });
  });

  it("is an admin when Keycloak says so", async () => {
    const { at } = await people.signIn("admin");
    expect((await people.api(at, "/me")).body.owner.roles).toEqual(["owner", "admin"]);
  });

  it.each(["//evil.example", "https://evil.example/", "/\\evil.example", "/login"])(
    "ends at home when the page to return to is %s",
    async (returnTo) => {
      const { seen } = await people.signIn("aziza", browser(), `?returnTo=${encodeURIComponent(returnTo)}`);
      expect(seen.url.href).toBe(`${web.publicUrl}/`);
    },
  );
});

describe("a session", () => {
  it("has another id after signing in, and the one before is worth nothing", async () => {
    const at = browser();
    const back = await people.upToCallback(at, "aziza");
    const before = at.cookie(web.publicUrl, COOKIE) ?? "";
    await at.go(back.url);
    expect(before).not.toBe("");
    expect(at.cookie(web.publicUrl, COOKIE)).not.toBe(before);
    const attacker = browser();
    attacker.plant(web.publicUrl, COOKIE, before);
    expect([await me(at), await me(attacker)]).toEqual([200, 401]);
  });

  it("is kept out of scripts and of other sites", async () => {
    const { headers } = await browser().step(`${web.publicUrl}/login`);
    expect(headers.getSetCookie()[0]).toMatch(/^botfactory=[^;]+; Path=\/; HttpOnly; SameSite=Lax$/);
  });

  it("is not made by looking around", async () => {
    const { headers } = await browser().step(`${web.publicUrl}/api/v1/me`);
    expect(headers.getSetCookie()).toEqual([]);
  });
});

describe("a callback gives no session", () => {
  const altered = async (change: (url: URL) => void) => {
    const at = browser();
    const { url } = await people.upToCallback(at, "aziza");
    change(url);
    const { status } = await at.go(url);
    return [status, await me(at)];
  };

  it("with a wrong state", async () => {
    expect(await altered(({ searchParams }) => searchParams.set("state", "wrong"))).toEqual([400, 401]);
  });
  it("without a state", async () => {
    expect(await altered(({ searchParams }) => searchParams.delete("state"))).toEqual([400, 401]);
  });
  it("with a wrong code", async () => {
    expect(await altered(({ searchParams }) => searchParams.set("code", "wrong"))).toEqual([400, 401]);
  });
  it("from another issuer", async () => {
    expect(await altered(({ searchParams }) => searchParams.set("iss", "https://evil.example"))).toEqual([400, 401]);
  });

  it("a second time, whoever repeats it", async () => {
    const at = browser();
    const { url } = await people.upToCallback(at, "aziza");
    const before = at.cookie(web.publicUrl, COOKIE) ?? "";
    await at.go(url);
    const replayer = browser();
    replayer.plant(web.publicUrl, COOKIE, before);
    expect([(await replayer.go(url)).status, await me(replayer)]).toEqual([400, 401]);
    expect([(await at.go(url)).status, await me(at)]).toEqual([400, 200]);
  });

  it("in a browser that did not start it (login CSRF)", async () => {
    const { url } = await people.upToCallback(browser(), "boris");
    const victim = browser();
    expect([(await victim.go(url)).status, await me(victim)]).toEqual([400, 401]);
  });

  it("with the code of another person's sign-in under the own state", async () => {
    const { url: foreign } = await people.upToCallback(browser(), "boris");
    expect(
      await altered(({ searchParams }) => searchParams.set("code", foreign.searchParams.get("code") ?? "")),
    ).toEqual([400, 401]);
  });

  it("when the person cancels at Keycloak, and says so in words", async () => {
    const at = browser();
    const { url } = await people.upToCallback(at, "aziza");
    const state = url.searchParams.get("state");
    const page = await at.go(`${web.publicUrl}/callback?error=access_denied&state=${state}`);
    expect([page.status, await me(at)]).toEqual([400, 401]);
    expect(page.text).toContain("Sign-in did not work");
  });
});

describe("a forged Host header", () => {
  it("never decides where sign-in leads", async () => {
    const { port } = new URL(web.publicUrl);
    const location = await new Promise<string | undefined>((resolve, reject) => {
      const asked = request(
        { host: "127.0.0.1", port, path: "/login", headers: { host: "evil.example" } },
        (response) => resolve(response.resume().headers.location),
      );
      asked.once("error", reject).end();
    });
    expect(location).toBe(`${web.publicUrl}/login`);
  });
});

describe("an unsafe request of a session", () => {
  const bot = { name: "Ada", language: "en", systemPrompt: "Be kind", telegramToken: "1:a" };
  async function createBot(at: Browser, headers: Readonly<Record<string, string>>) {
    const { status, text } = await at.step(`${web.publicUrl}/api/v1/bots`, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(bot),
    });
    return [status, JSON.parse(text).code];
  }

  it("is done with the session's own token", async () => {
    const { at } = await people.signIn("aziza");
    expect(await createBot(at, { "x-csrf-token": await people.csrfToken(at) })).toEqual([201, undefined]);
  });

  it("is refused without it, with another session's, or from another site, and nothing is done", async () => {
    const { at } = await people.signIn("aziza");
    const { at: other } = await people.signIn("aziza");
    const token = await people.csrfToken(at);
    const before = created;
    const refused = [
      {},
      { "x-csrf-token": "wrong" },
      { "x-csrf-token": await people.csrfToken(other) },
      { "x-csrf-token": token, origin: "https://evil.example" },
      { "x-csrf-token": token, origin: "null" },
      { "x-csrf-token": token, "sec-fetch-site": "cross-site" },
      { "x-csrf-token": token, "sec-fetch-site": "same-site" },
    ];
    for (const headers of refused) expect(await createBot(at, headers)).toEqual([403, "csrf_invalid"]);
    expect(created).toBe(before);
  });

  it("is refused when the token's cookie was planted together with the token", async () => {
    const { at } = await people.signIn("aziza");
    const { at: attacker } = await people.signIn("boris");
    const token = await people.csrfToken(attacker);
    at.plant(web.publicUrl, "botfactory-csrf", encodeURIComponent(token));
    expect(await createBot(at, { "x-csrf-token": token })).toEqual([403, "csrf_invalid"]);
  });
});

describe("a token of Keycloak as bearer", () => {
  async function tokenOf(username: string): Promise<string> {
    const body = new URLSearchParams({
      grant_type: "password",
      client_id: keycloak.clientId,
      username,
      password: `demo-${username}`,
    });
    const answer = await (await fetch(keycloak.tokenEndpoint, { method: "POST", body })).json();
    return answer.access_token;
  }
  it("needs no session and no CSRF token", async () => {
    const authorization = `Bearer ${await tokenOf("boris")}`;
    const { body } = await people.api(browser(), "/me", { authorization });
    expect(body.owner.username).toBe("boris");
  });
});

describe("signing out", () => {
  const signOut = async (at: Browser) => {
    const body = new URLSearchParams({ _csrf: await people.csrfToken(at) }).toString();
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    return at.go(`${web.publicUrl}/logout`, { method: "POST", headers, body });
  };

  it("ends the session here and at Keycloak", async () => {
    const { at } = await people.signIn("aziza");
    const cookie = at.cookie(web.publicUrl, COOKIE) ?? "";
    await signOut(at);
    at.plant(web.publicUrl, COOKIE, cookie);
    expect(await me(at)).toBe(401);
    expect((await at.go(`${web.publicUrl}/login`)).text).toContain("kc-form-login");
  });

  it("is not done by following a link, nor without the token", async () => {
    const { at } = await people.signIn("aziza");
    expect((await at.step(`${web.publicUrl}/logout`)).status).toBe(404);
    const form = { "content-type": "application/x-www-form-urlencoded" };
    expect((await at.step(`${web.publicUrl}/logout`, { method: "POST", headers: form, body: "" })).status).toBe(403);
    expect(await me(at)).toBe(200);
  });

  it("at Keycloak ends the session here", async () => {
    const { at } = await people.signIn("aziza");
    const question = await at.go(
      `${keycloak.url}/realms/${keycloak.realm}/protocol/openid-connect/logout?client_id=botfactory-web`,
    );
    await at.submit(question, { confirmLogout: "yes" });
    expect(await me(at)).toBe(401);
  });

  it("cannot be asked for by a forged message of Keycloak", async () => {
    const { at } = await people.signIn("aziza");
    const forged = `${btoa('{"alg":"none"}')}.${btoa(JSON.stringify({ sub: "a21fa000-0000-4000-8000-000000000001" }))}.`;
    const response = await fetch(`${web.publicUrl}/k_logout`, {
      method: "POST",
      body: new URLSearchParams({ logout_token: forged }),
    });
    expect([response.status, await me(at)]).toEqual([400, 200]);
  });
});

describe("while Keycloak is away", () => {
  it(
    "whoever is signed in goes on, and signing in fails with a clear page",
    async () => {
      const { at } = await people.signIn("aziza");
      await keycloak.stop();
      expect(await me(at)).toBe(200);
      const fresh = await startConsole({
        keycloak: { url: keycloak.url, realm: keycloak.realm, clientId: "botfactory-web", clientSecret: "x" },
      });
      const page = await browser().go(`${fresh.publicUrl}/login`);
      await fresh.stop();
      expect(page.status).toBe(503);
      expect(page.text).toContain("Sign-in is not available at the moment");
    },
    SLOW_MS,
  );
});
