import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { startConsole } from "./support/console.ts";
import { signingRealm } from "./support/realm.ts";

const BOT_ID = "abcdefghij234567abcd";
const asked: unknown[] = [];

let realm: Awaited<ReturnType<typeof signingRealm>>;
let web: Awaited<ReturnType<typeof startConsole>>;
let clientDirectory: string;

beforeAll(async () => {
  realm = await signingRealm();
  clientDirectory = await mkdtemp(join(tmpdir(), "web-client-"));
  await mkdir(join(clientDirectory, "assets"));
  await writeFile(join(clientDirectory, "index.html"), "<!doctype html><title>the browser app</title>");
  await writeFile(join(clientDirectory, "assets/index-abc123.js"), "1");
  web = await startConsole({
    keycloak: realm.keycloak,
    clientDirectory,
    services: {
      bots: {
        async setWebhook(request) {
          asked.push(["set", request.botId, request.baseUrl]);
          return { revision: 1n };
        },
        async deleteWebhook(request) {
          asked.push(["delete", request.botId]);
          return { revision: 2n };
        },
      },
      conversation: {
        async testChat({ text }) {
          return { text: `<b>${text}</b>` };
        },
      },
    },
  });
});
afterAll(async () => {
  await web.stop();
  await realm.stop();
  await rm(clientDirectory, { recursive: true, force: true });
});

async function get(path: string, headers: Readonly<Record<string, string>> = {}) {
  return fetch(`${web.publicUrl}${path}`, { redirect: "manual", headers: { accept: "text/html", ...headers } });
}
const asOwner = async () => ({ authorization: `Bearer ${await realm.token()}` });

describe("a page of the console", () => {
  it.each(["/", "/bots", "/bots/new", `/telegram/setup/${BOT_ID}`, `/telegram/test/${BOT_ID}`])(
    "%s asks to sign in first and then is the browser app, never from a cache",
    async (path) => {
      const anonymous = await get(path);
      expect([anonymous.status, anonymous.headers.get("location")]).toEqual([
        303,
        `/login?returnTo=${encodeURIComponent(path)}`,
      ]);
      const page = await get(path, await asOwner());
      expect([page.status, page.headers.get("cache-control")]).toEqual([200, "no-store"]);
      expect(await page.text()).toContain("the browser app");
    },
  );

  it("runs and shows nothing that is not its own", async () => {
    const { headers } = await get("/", await asOwner());
    const policy = headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'self';");
    expect(policy).not.toMatch(/unsafe-inline|unsafe-eval|\*/);
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("x-powered-by")).toBeNull();
  });

  it("that does not exist says so in the person's language", async () => {
    const page = await get("/nothing-here", { "accept-language": "ru" });
    expect([page.status, page.headers.get("content-type")]).toEqual([404, "text/html; charset=utf-8"]);
    expect(await page.text()).toMatch(/<html lang="ru">[\s\S]*[а-я]/);
  });
});

describe("a file of the browser app", () => {
  it("is kept by browsers for a year, because its name changes with it", async () => {
    const { status, headers } = await get("/assets/index-abc123.js");
    expect([status, headers.get("cache-control")]).toEqual([200, "public, max-age=31536000, immutable"]);
  });
  it.each(["/assets/../index.html", "/assets/%2e%2e/index.html", "/index.html", "/..%2f..%2fpackage.json"])(
    "is not read through %s without signing in",
    async (path) => {
      const { status } = await get(path);
      expect([303, 307, 400, 403, 404]).toContain(status);
    },
  );
});

describe("a plain form of the guide's pages", () => {
  const post = async (path: string, fields: Record<string, string>, headers: Record<string, string>) =>
    fetch(`${web.publicUrl}${path}`, {
      method: "POST",
      redirect: "manual",
      headers: { accept: "text/html", ...headers },
      body: new URLSearchParams(fields),
    });

  it("sets and deletes the webhook and shows the page again", async () => {
    const path = `/telegram/setup/${BOT_ID}`;
    const set = await post(path, { baseUrl: "https://bots.test" }, await asOwner());
    const deleted = await post(path, { action: "delete" }, await asOwner());
    expect([set, deleted].map(({ status, headers }) => [status, headers.get("location")])).toEqual([
      [303, path],
      [303, path],
    ]);
    expect(asked).toEqual([
      ["set", BOT_ID, "https://bots.test"],
      ["delete", BOT_ID],
    ]);
  });

  it("shows the bot's answer as text, never as markup", async () => {
    const page = await post(`/telegram/test/${BOT_ID}`, { text: "<script>" }, await asOwner());
    expect(await page.text()).toContain("&lt;b&gt;&lt;script&gt;&lt;/b&gt;");
  });

  it.each(["setup", "test"])("of %s does nothing for the anonymous", async (page) => {
    const before = asked.length;
    expect((await post(`/telegram/${page}/${BOT_ID}`, { text: "Hi" }, {})).status).toBe(401);
    expect(asked).toHaveLength(before);
  });
});

it("says how to build the browser app when it is not there", async () => {
  const bare = await startConsole({ keycloak: realm.keycloak });
  const page = await fetch(bare.publicUrl, { headers: await asOwner() });
  const text = await page.text();
  await bare.stop();
  expect([page.status, text]).toEqual([503, expect.stringContaining("npm run build")]);
});
