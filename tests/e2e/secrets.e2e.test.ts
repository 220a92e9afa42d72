import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { type StartedGemini, startGemini } from "@botfactory/infrastructure";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { BSON, MongoClient } from "mongodb";
import { peopleOf } from "../../services/web/tests/support/people.ts";
import { openEventLog } from "./support/event-log.ts";
import { type OtlpCollector, startOtlpCollector } from "./support/otlp-collector.ts";
import type { ApiAnswer, Owner } from "./support/people.ts";
import { secretSearch } from "./support/secret-search.ts";
import { startTestStack, type TestStack } from "./support/test-stack.ts";

const NAME = "Canary bot";
const TOKEN = "7000000001:CanaryTokenOfTheBot-0123456789abcde";
const UNKNOWN_TOKEN = "7000000002:CanaryTokenOfNobody-0123456789abcde";
const GOOGLE_KEY = "AIzaSyCanaryKeyOfGoogle-0123456789abcde";
const bytesFor = (name: string) => createHash("sha256").update(`canary ${name}`).digest("base64");
const installation = {
  KEY_ENCRYPTION_KEY: bytesFor("KEY_ENCRYPTION_KEY"),
  SERVICE_AUTH_KEY: bytesFor("SERVICE_AUTH_KEY"),
  SESSION_SECRET: bytesFor("SESSION_SECRET"),
};

let collector: OtlpCollector;
let gemini: StartedGemini;
let stack: TestStack;
let owner: Owner;
let find: ReturnType<typeof secretSearch>;
const answers: string[] = [];

beforeAll(async () => {
  [collector, gemini] = await Promise.all([startOtlpCollector(), startGemini()]);
  // A key of our own would be taken to Google, unless the stand-in's address comes with it.
  const google = { GOOGLE_API_KEY: `canary=${GOOGLE_KEY}`, GEMINI_BASE_URL: gemini.url };
  stack = await startTestStack({ env: { ...installation, ...collector.env, ...google, LOG_LEVEL: "trace" } });
  owner = await stack.people.owner("aziza");
  find = secretSearch(await useEverything());
}, 180_000);
afterAll(async () => {
  await stack.stop();
  await gemini.stop();
  await collector.stop();
}, 60_000);

async function keep(call: Promise<ApiAnswer>): Promise<string> {
  const { text } = await call;
  answers.push(text);
  return text;
}

const ask = (...request: Parameters<Owner["call"]>) => keep(owner.call(...request));

const botWith = (telegramToken: string) => ({
  name: NAME,
  description: "",
  language: "en",
  platform: "telegram",
  systemPrompt: "You sing.",
  telegramToken,
});

/** Every path a secret takes, the failing ones above all; answers with all secrets that were in use. */
async function useEverything(): Promise<Record<string, string>> {
  const { telegram } = stack;
  const { id: telegramId } = await telegram.createBot({ token: TOKEN });
  await refusedCreates();
  const { id } = JSON.parse(await ask("POST", "/bots", botWith(TOKEN)));
  await keep((await stack.people.owner("boris")).call("POST", "/bots", botWith(TOKEN)));
  await ask("POST", `/bots/${id}/webhook`, {});
  const { url, secretToken } = await telegram.bot(telegramId).webhook();
  const forged = { method: "POST", headers: { "x-telegram-bot-api-secret-token": `${secretToken}x` }, body: "{}" };
  answers.push(await (await fetch(url, forged)).text());

  await talkThroughFaults(telegramId);
  await ask("POST", `/bots/${id}/test-chat`, { text: "Is it you?" });
  await ask("POST", `/bots/${id}/test-message`, { chatId: "1", text: "News" });
  for (const kind of ["unauthorized", "internal", "reset-before", "reset-after"] as const) {
    await telegram.fault({ kind, botId: telegramId, method: "getWebhookInfo" });
    await ask("GET", `/bots/${id}/webhook`);
    await telegram.fault({ kind, botId: telegramId, method: "setWebhook" });
    await ask("POST", `/bots/${id}/webhook`, {});
  }
  const rotated = await telegram.bot(telegramId).rotate();
  await ask("PATCH", `/bots/${id}`, { telegramToken: UNKNOWN_TOKEN });
  await ask("PATCH", `/bots/${id}`, { telegramToken: rotated });
  for (const path of ["/me", "/bots", `/bots/${id}`, `/bots/${id}/chats`, `/bots/${id}/chats/1/messages`])
    await ask("GET", path);
  const console = await signIn();
  await useRevoked(telegramId, id);
  const last = (await telegram.bot(telegramId).webhook()).secretToken;
  return {
    ...installation,
    token: TOKEN,
    secretOfToken: TOKEN.split(":")[1] ?? "",
    rotated,
    unknownToken: UNKNOWN_TOKEN,
    googleKey: GOOGLE_KEY,
    webhookSecret: secretToken,
    lastWebhookSecret: last,
    clientSecret: stack.neighbours.keycloak.clientSecret,
    accessToken: owner.accessToken,
    ...console,
  };
}

/** Tokens nobody knows, tokens with a slip, and a token in the wrong place. */
async function refusedCreates(): Promise<void> {
  await ask("POST", "/bots", botWith(UNKNOWN_TOKEN));
  await ask("POST", "/bots", botWith(`${TOKEN}!`));
  await ask("POST", "/bots", { ...botWith(TOKEN), language: "fr" });
  await ask("GET", `/bots/${TOKEN}`);
  await ask("GET", `/bots?pageToken=${TOKEN}`);
}

async function talkThroughFaults(botId: number): Promise<void> {
  const { telegram } = stack;
  const converse = async (chatId: number) => {
    await telegram.user(chatId).send(botId, "Sing!");
    await telegram.waitForReply({ botId, chatId, timeoutMs: 30_000 });
  };
  await converse(1);
  gemini.script(
    { kind: "key-invalid" },
    { kind: "raw", status: 403, body: { error: { code: 403, message: GOOGLE_KEY } } },
  );
  await converse(2);
  await converse(3);
  gemini.script({ kind: "internal", times: 3 });
  await converse(4);
  for (const [index, kind] of (["internal", "reset-before", "reset-after"] as const).entries()) {
    await telegram.fault({ kind, botId, method: "sendMessage" });
    await telegram.fault({ kind, botId, method: "sendChatAction" });
    await converse(5 + index);
  }
}

/** A person's session, and what only the console may know of it. */
async function signIn(): Promise<Record<string, string>> {
  const people = peopleOf(stack.web);
  const { at, seen } = await people.signIn("aziza");
  answers.push(seen.text, JSON.stringify((await people.api(at, "/me")).body));
  const cookie = at.cookie(stack.web, "botfactory");
  if (cookie === undefined) throw new Error("signing in left no session");
  return { sessionCookie: decodeURIComponent(cookie) };
}

async function useRevoked(botId: number, id: string): Promise<void> {
  await stack.telegram.bot(botId).revoke();
  await stack.telegram.user(1).send(botId, "Are you there?");
  const log = await openEventLog(stack.neighbours.nats);
  await log.untilNothingIsLeft();
  await log.close();
  await ask("GET", `/bots/${id}/webhook`);
  await ask("POST", `/bots/${id}/webhook`, {});
}

async function filesUnder(...path: string[]): Promise<Buffer> {
  const directory = join(stack.directory, ...path);
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return Buffer.concat(await Promise.all(files.map((file) => readFile(join(file.parentPath, file.name)))));
}

async function database(): Promise<Buffer> {
  const client = await MongoClient.connect(stack.databaseUrl);
  const documents = await Promise.all((await client.db().collections()).map((each) => each.find().toArray()));
  await client.close();
  return Buffer.concat(documents.flat().map((document) => Buffer.from(BSON.serialize(document))));
}

async function adminPages(): Promise<Buffer> {
  const pages = ["metrics", "readyz", "healthz"];
  const urls = stack.processes.flatMap(({ adminPort }) => pages.map((page) => `http://127.0.0.1:${adminPort}/${page}`));
  return Buffer.from((await Promise.all(urls.map(async (url) => (await fetch(url)).text()))).join("\n"));
}

describe("tokens, keys and secrets", () => {
  it("were all in use, and are found wherever they are, also in base64", async () => {
    expect(gemini.requests().at(0)?.key).toBe(GOOGLE_KEY);
    const hidden = Buffer.from(`{"x":"${Buffer.from(`bot${TOKEN}/getMe`).toString("base64")}"}`);
    expect(find(hidden)).toEqual(["token", "secretOfToken"]);
    expect(find(Buffer.from(installation.KEY_ENCRYPTION_KEY, "base64"))).toEqual(["KEY_ENCRYPTION_KEY"]);
  });

  // Each place with something that must be in it, so that an empty place does not pass.
  it.each([
    ["the services' logs", () => filesUnder("logs"), "ready"],
    ["the spans", async () => collector.bytes(), "/bot[redacted]/sendMessage"],
    ["the files of the log", () => filesUnder("data", "nats"), NAME],
    ["the database", database, NAME],
    ["the answers of the API", async () => Buffer.from(answers.join("\n")), "token_revoked"],
    ["metrics and probes", adminPages, "botfactory_"],
  ])("are not in %s", async (_, place, control) => {
    const bytes = await place();
    expect(bytes.includes(control)).toBe(true);
    expect(find(bytes)).toEqual([]);
  });
});
