import { DomainError } from "@botfactory/decider";
import { BotState } from "@botfactory/proto/bots/v1/bots";
import { Language, Plan } from "@botfactory/proto/events/v1/account";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { issue, problem } from "../src/api/problem.ts";
import { startConsole } from "./support/console.ts";
import { signingRealm } from "./support/realm.ts";

const BOT_ID = "abcdefghij234567abcd";
const TOKEN = "123456789:canary-token-canary-token-canary-00";
const bot = {
  id: BOT_ID,
  name: "Ada",
  language: Language.RU,
  systemPrompt: "Be kind",
  promptVersion: 1,
  telegramUsername: "ada_bot",
  tokenLast4: "y-00",
  state: BotState.ACTIVE,
  createdAtUnixMs: 1_700_000_000_000n,
};

let realm: Awaited<ReturnType<typeof signingRealm>>;
let web: Awaited<ReturnType<typeof startConsole>>;
let asked: unknown[] = [];

beforeAll(async () => {
  realm = await signingRealm();
  web = await startConsole({
    keycloak: realm.keycloak,
    services: {
      bots: {
        async getAccount(_request, { caller }) {
          const ownerId = caller.kind === "owner" ? caller.ownerId : "";
          return { ownerId, plan: Plan.FREE, bots: 1, botsLimit: 1, messagesADay: 100 };
        },
        async createBot(request) {
          asked.push(request);
          if (request.name === "second")
            throw new DomainError("exhausted", "plan_limit_reached", { params: { limit: "1" } });
          if (request.name === "crash") throw new Error(`mongodb://user:hunter2@db ${request.telegramToken}`);
          return { bot: { ...bot, name: request.name }, revision: 7n };
        },
        async listBots(request) {
          asked.push(request);
          return { bots: [bot] };
        },
        async getWebhookStatus() {
          return { status: { problemCode: "webhook_not_set", defaultBaseUrl: "https://bots.test" } };
        },
        async setPlan({ plan }) {
          return { plan, pausedBotIds: [BOT_ID], revision: 8n };
        },
      },
      conversation: {
        async sendTestMessage(request) {
          asked.push(request);
          return { messageId: "42" };
        },
        async testChat() {
          return { text: "…", refusalCode: "ai_rate_minute", promptVersion: 1, language: Language.UZ };
        },
      },
    },
  });
});
afterAll(async () => {
  await web.stop();
  await realm.stop();
});

interface Ask {
  readonly method?: string;
  readonly body?: unknown;
  readonly raw?: string;
  readonly headers?: Record<string, string>;
}

async function api(path: string, { method = "GET", body, raw, headers = {} }: Ask = {}) {
  asked = [];
  const response = await fetch(`${web.publicUrl}/api/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${await realm.token()}`,
      ...(body === undefined && raw === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(body === undefined ? (raw === undefined ? {} : { body: raw }) : { body: JSON.stringify(body) }),
  });
  return { status: response.status, headers: response.headers, body: JSON.parse(await response.text()) };
}

const newBot = {
  name: "Ada",
  description: "",
  language: "ru",
  platform: "telegram",
  systemPrompt: "Be kind",
  telegramToken: TOKEN,
};

describe("an owner with a token", () => {
  it("is told who they are, also while ai is away", async () => {
    const { status, body } = await api("/me");
    expect([status, body]).toEqual([
      200,
      {
        owner: { id: "owner-a", username: "ada", roles: ["owner"] },
        plan: { name: "free", botsLimit: 1, messagesADay: 100 },
        usage: { bots: 1, today: null },
        limits: null,
      },
    ]);
  });

  it("creates a bot and reads it back from the revision it wrote", async () => {
    const created = await api("/bots", { method: "POST", body: newBot });
    expect(created.status).toBe(201);
    expect(created.body).toMatchObject({
      id: BOT_ID,
      name: "Ada",
      language: "ru",
      platform: "telegram",
      state: "active",
      webhook: { set: false, url: null, mode: null },
      createdAt: "2023-11-14T22:13:20.000Z",
      revision: "7",
    });
    expect(JSON.stringify(created.body)).not.toContain(TOKEN);
    await api(`/bots?atLeastRevision=${created.body.revision}`);
    expect(asked).toEqual([expect.objectContaining({ atLeastRevision: 7n })]);
  });

  it("is told of the plan's limit in their language", async () => {
    const { status, headers, body } = await api("/bots", {
      method: "POST",
      body: { ...newBot, name: "second" },
      headers: { "accept-language": "uz" },
    });
    expect([status, headers.get("content-type")]).toEqual([409, "application/problem+json; charset=utf-8"]);
    expect(problem.parse(body)).toMatchObject({
      code: "plan_limit_reached",
      status: 409,
      detail: expect.stringContaining("1"),
    });
    const english = await api("/bots", { method: "POST", body: { ...newBot, name: "second" } });
    expect(english.body.title).not.toBe(body.title);
  });

  it("prefers the language chosen in the console to the browser's", async () => {
    const headers = { "accept-language": "en", cookie: "botfactory-language=ru" };
    const { body } = await api("/nothing", { headers });
    expect(body).toMatchObject({ code: "not_found", title: expect.stringMatching(/[а-я]/) });
  });

  it("reads the webhook's problem in words", async () => {
    const { body } = await api(`/bots/${BOT_ID}/webhook`);
    expect(body).toMatchObject({ set: false, lastError: null, defaultBaseUrl: "https://bots.test", telegram: null });
    expect(issue.parse(body.problem)).toMatchObject({ code: "webhook_not_set", title: "Webhook is not set" });
  });

  it("sends a greeting in their language when they write no text", async () => {
    const message = { method: "POST", body: { chatId: -100 }, headers: { "accept-language": "ru" } };
    expect((await api(`/bots/${BOT_ID}/test-message`, message)).body).toEqual({ messageId: "42" });
    expect(asked).toEqual([expect.objectContaining({ chatId: "-100", text: expect.stringMatching(/[а-я]/) })]);
  });

  it("reads why the test chat has no answer", async () => {
    const { status, body } = await api(`/bots/${BOT_ID}/test-chat`, { method: "POST", body: { text: "Salom" } });
    expect([status, body.refusal.code, body.language]).toEqual([200, "ai_rate_minute", "uz"]);
  });

  it("may not set plans", async () => {
    const { status, body } = await api("/admin/owners/owner-b/plan", { method: "PUT", body: { plan: "premium" } });
    expect([status, body.code]).toEqual([403, "forbidden"]);
  });

  it("is told nothing of what broke inside", async () => {
    const { status, body } = await api("/bots", { method: "POST", body: { ...newBot, name: "crash" } });
    expect([status, body.code]).toEqual([500, "internal"]);
    expect(JSON.stringify(body)).not.toMatch(/hunter2|canary|mongodb/);
  });
});

it("lets an admin set a plan", async () => {
  const token = await realm.token({ realm_access: { roles: ["admin"] } });
  const { status, body } = await api("/admin/owners/owner-b/plan", {
    method: "PUT",
    body: { plan: "starter" },
    headers: { authorization: `Bearer ${token}` },
  });
  expect([status, body]).toEqual([200, { ownerId: "owner-b", plan: "starter", pausedBotIds: [BOT_ID], revision: "8" }]);
});

describe("a request is refused when", () => {
  const refusals: [string, () => Promise<Awaited<ReturnType<typeof api>>>, number, string][] = [
    ["its body is not JSON", () => api("/bots", { method: "POST", raw: "{" }), 400, "body_invalid"],
    [
      "its body is over 64 KiB",
      () => api("/bots", { method: "POST", body: { ...newBot, systemPrompt: "x".repeat(70_000) } }),
      413,
      "body_too_large",
    ],
    [
      "its body claims to be a form",
      () =>
        api("/bots", {
          method: "POST",
          raw: "name=Ada",
          headers: { "content-type": "application/x-www-form-urlencoded" },
        }),
      415,
      "media_type_unsupported",
    ],
    [
      "its body is compressed",
      () => api("/bots", { method: "POST", raw: "x", headers: { "content-encoding": "gzip" } }),
      415,
      "media_type_unsupported",
    ],
    [
      "its body is nested 5,000 deep",
      () => api("/bots", { method: "POST", raw: `{"name":${"[".repeat(5_000)}${"]".repeat(5_000)}}` }),
      400,
      "field_invalid",
    ],
    [
      "a text holds NUL",
      () => api("/bots", { method: "POST", raw: JSON.stringify({ ...newBot, name: "a\0b" }) }),
      400,
      "field_invalid",
    ],
    [
      "a text holds half a surrogate pair",
      () => api("/bots", { method: "POST", raw: JSON.stringify(newBot).replace("Ada", "\\ud83d") }),
      400,
      "field_invalid",
    ],
    ["a field is missing", () => api("/bots", { method: "POST", body: { name: "Ada" } }), 400, "field_required"],
    ["it has no body", () => api("/bots", { method: "POST" }), 400, "field_required"],
    ["its bot cannot exist", () => api("/bots/1"), 404, "bot_not_found"],
    ["its path is not decodable", () => api("/bots/%zz"), 400, "body_invalid"],
    ["nothing is at its address", () => api("/nothing"), 404, "not_found"],
    ["a query has a parameter nobody knows", () => api("/bots?pagesize=1"), 400, "field_invalid"],
    // Found by the full fuzz of the API, seed 20261122.
    ["a query has a parameter without a name", () => api("/bots?pageSize=1&=null"), 400, "field_invalid"],
    ["a query is an object", () => api("/bots?pageSize[$gt]=1&pageSize=x"), 400, "field_invalid"],
    ["the service behind it is away", () => api(`/bots/${BOT_ID}`), 503, "unavailable"],
  ];
  it.each(refusals)("%s", async (...[, ask, status, code]) => {
    const { body, ...answer } = await ask();
    expect([answer.status, body.code]).toEqual([status, code]);
    expect(problem.parse(body)).toEqual(body);
  });
});

describe("a token is refused when it", () => {
  const tokens: [string, () => Promise<string>][] = [
    ["has expired", () => realm.token({ exp: realm.now - 60 })],
    ["was made for another client", () => realm.token({ aud: ["account"] })],
    ["comes from another realm", () => realm.token({ iss: `${realm.keycloak.url}/realms/master` })],
    ["is an ID token", () => realm.token({ typ: "ID" })],
    ["was signed by somebody else", () => realm.tokenOfStranger()],
    ["is nonsense", async () => "nonsense"],
  ];
  it.each(tokens)("%s", async (_why, token) => {
    const { status, body } = await api("/me", { headers: { authorization: `Bearer ${await token()}` } });
    expect([status, body.code]).toEqual([401, "unauthenticated"]);
  });

  it("names a person without a role: known, but not let in", async () => {
    const token = await realm.token({ realm_access: { roles: [] } });
    const { status, body } = await api("/me", { headers: { authorization: `Bearer ${token}` } });
    expect([status, body.code]).toEqual([403, "forbidden"]);
  });
});
