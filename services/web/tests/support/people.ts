import { type Browser, browser, type Seen } from "./browser.ts";

/** What the tests of signing in do with a console, in the words of a person at a browser. */
export function peopleOf(publicUrl: string) {
  const callback = `${publicUrl}/callback`;

  /** Fills in Keycloak's form and stops before the console sees the code. */
  async function upToCallback(at: Browser, username: string, query = ""): Promise<Seen> {
    const form = await at.go(`${publicUrl}/login${query}`);
    return at.submit(form, { username, password: `demo-${username}`, credentialId: "" }, callback);
  }

  async function signIn(username: string, at: Browser = browser(), query = ""): Promise<{ at: Browser; seen: Seen }> {
    const back = await upToCallback(at, username, query);
    return { at, seen: await at.go(back.url) };
  }

  async function api(at: Browser, path: string, headers: Readonly<Record<string, string>> = {}) {
    const { status, text } = await at.step(`${publicUrl}/api/v1${path}`, { headers });
    return { status, body: JSON.parse(text) };
  }

  async function csrfToken(at: Browser): Promise<string> {
    const { body } = await api(at, "/csrf-token");
    return body.token;
  }

  return { upToCallback, signIn, api, csrfToken };
}
