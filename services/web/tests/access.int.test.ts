import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { startConsole } from "./support/console.ts";
import { signingRealm } from "./support/realm.ts";

/** A request for each operation of the document that would do something if it were let in. */
const REQUESTS: Readonly<Record<string, object | undefined>> = {
  getMe: undefined,
  getCsrfToken: undefined,
  listBots: undefined,
  createBot: { name: "Eve", language: "en", systemPrompt: "Be kind", telegramToken: "1:a" },
  getBot: undefined,
  updateBot: { name: "Eve" },
  deleteBot: undefined,
  getWebhook: undefined,
  setWebhook: {},
  deleteWebhook: undefined,
  sendTestMessage: { chatId: "1" },
  testChat: { text: "Hi" },
  listChats: undefined,
  listMessages: undefined,
  setPlan: { plan: "premium" },
};

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly operationId: string }>>>>;
}

let realm: Awaited<ReturnType<typeof signingRealm>>;
let web: Awaited<ReturnType<typeof startConsole>>;
let document: Document;

beforeAll(async () => {
  realm = await signingRealm();
  web = await startConsole({ keycloak: realm.keycloak });
  document = await (await fetch(`${web.publicUrl}/api/v1/openapi.json`)).json();
});
afterAll(async () => {
  await web.stop();
  await realm.stop();
});

function operations() {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { operationId }]) => ({ path, method: method.toUpperCase(), operationId })),
  );
}

/** The status each operation answers to somebody with these headers. */
async function answersTo(headers: Readonly<Record<string, string>>): Promise<Record<string, number>> {
  const answers = operations().map(async ({ path, method, operationId }) => {
    const body = REQUESTS[operationId];
    const where = path.replace("{botId}", "a".repeat(20)).replace("{chatId}", "1").replace("{ownerId}", "owner-b");
    const response = await fetch(`${web.publicUrl}/api/v1${where}`, {
      method,
      headers: { ...headers, ...(body === undefined ? {} : { "content-type": "application/json" }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return [operationId, response.status] as const;
  });
  return Object.fromEntries(await Promise.all(answers));
}

const everyOperation = (status: number) => Object.fromEntries(Object.keys(REQUESTS).map((id) => [id, status]));
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

describe("every operation of the OpenAPI document", () => {
  it("stands in the table above", () => {
    expect(
      operations()
        .map(({ operationId }) => operationId)
        .sort(),
    ).toEqual(Object.keys(REQUESTS).sort());
  });
  it("refuses the anonymous", async () => {
    expect(await answersTo({})).toEqual(everyOperation(401));
  });
  it("refuses an expired token", async () => {
    expect(await answersTo(bearer(await realm.token({ exp: realm.now - 60 })))).toEqual(everyOperation(401));
  });
  it("refuses a token of another client", async () => {
    expect(await answersTo(bearer(await realm.token({ aud: ["account"] })))).toEqual(everyOperation(401));
  });
  it("refuses a person without a role", async () => {
    expect(await answersTo(bearer(await realm.token({ realm_access: { roles: [] } })))).toEqual(everyOperation(403));
  });
  it("lets an owner in, but not where admins work", async () => {
    const { setPlan, ...others } = await answersTo(bearer(await realm.token()));
    expect(setPlan).toBe(403);
    // The services behind are away, so who was let in reads 503; the CSRF token needs none of them.
    expect(others).toEqual({ ...Object.fromEntries(Object.keys(others).map((id) => [id, 503])), getCsrfToken: 200 });
  });
});
