import { randomBytes } from "node:crypto";
import { freshNats } from "@botfactory/infrastructure";
import {
  AiService,
  type GenerateRequest,
  GenerateRequestSchema,
  type GenerateResponse,
} from "@botfactory/proto/ai/v1/ai";
import { Language } from "@botfactory/proto/events/v1/account";
import { QuotaEventSchema } from "@botfactory/proto/events/v1/quota";
import { type Authenticate, authenticator, type Client, client, serviceIdentity } from "@botfactory/rpc";
import { createLogger } from "@botfactory/service-kit";
import { create, fromBinary } from "@bufbuild/protobuf";
import { connect, type NatsConnection } from "nats";
import type { AiConfig } from "../src/config.ts";
import { isInForce, type QuotaFact, type QuotaLimits } from "../src/domain/ledger.ts";
import { type Ai, startAi } from "../src/start-ai.ts";
import { type GeminiScript, geminiScript } from "./gemini-script.ts";

export const SERVICE_AUTH_KEY = randomBytes(32).toString("base64");

export type Asked = Partial<Omit<GenerateRequest, "$typeName" | "$unknown">>;
export type Part = Exclude<GenerateResponse["part"], { case: undefined }>;

/** A log and a database of this file's own, Gemini's stand-in, and as many ai services as a test wants. */
export async function stage() {
  const server = await freshNats();
  const nats: NatsConnection = await connect({ servers: server.url });
  const google: GeminiScript = await geminiScript();
  const database = new URL(process.env["MONGODB_URL"] ?? "");
  database.pathname = `/ai-${randomBytes(4).toString("hex")}`;
  const closing: (() => unknown)[] = [];
  const lines: string[] = [];

  const config: AiConfig = {
    PORT: 0,
    ADMIN_PORT: 0,
    LOG_LEVEL: "silent",
    NATS_URL: server.url,
    NATS_SYNC: "stated",
    MONGODB_URL: database.href,
    KEYCLOAK_URL: "http://keycloak.invalid",
    KEYCLOAK_REALM: "botfactory",
    KEYCLOAK_CLIENT_ID: "console",
    SERVICE_AUTH_KEY,
    GOOGLE_API_KEY: undefined,
    GEMINI_BASE_URL: google.url,
    GEMINI_MODEL: "gemini-default",
    GEMINI_RPM: 60,
    GEMINI_RPD: 1_500,
  };

  return {
    nats,
    google,
    config,
    /** Everything the services logged, at the most talkative level. */
    logged: () => lines.join(""),
    async start(more: Partial<AiConfig> = {}, limits: Partial<QuotaLimits> = {}): Promise<Ai> {
      const logger = createLogger("ai", "trace", { write: (line) => void lines.push(line) });
      const ai = await startAi({ ...config, ...more }, { logger, authenticate: ownersByName, limits });
      closing.unshift(() => ai.stop());
      return ai;
    },
    client(ai: Pick<Ai, "port">, name = "conversation"): Client<typeof AiService> {
      const identity = serviceIdentity({ name, key: SERVICE_AUTH_KEY });
      const asking = client(AiService, { url: `127.0.0.1:${ai.port}`, identity, deadlineMs: 60_000 });
      closing.unshift(() => asking.close());
      return asking;
    },
    facts: async () => (await factsOf(nats)).map(({ fact }) => fact),
    /** How many calls the ledgers count. */
    granted: async (limits: QuotaLimits) =>
      (await factsOf(nats))
        .flatMap(({ fact, storedAt }) => (fact.case === "callsReserved" ? [{ ...fact.value, storedAt }] : []))
        .filter(({ reservedAtUnixMs, storedAt }) =>
          isInForce(limits, { decidedAt: Number(reservedAtUnixMs), storedAt }),
        )
        .reduce((sum, { reservations }) => sum + reservations.length, 0),
    async close() {
      for (const close of closing) await close();
      await google.close();
      await nats.close();
      await server.stop();
    },
  };
}

export type Stage = Awaited<ReturnType<typeof stage>>;

/** Services are checked as in production; an owner's token is `owner-<id>`, since no Keycloak is needed here. */
const ownersByName: Authenticate = async (metadata) => {
  const ownerId = /^Bearer owner-(\w+)$/.exec(String(metadata.get("authorization")[0]))?.[1];
  if (ownerId === undefined) return authenticator({ serviceAuthKey: SERVICE_AUTH_KEY })(metadata);
  return { kind: "owner", ownerId, username: ownerId, roles: ["owner"], accessToken: `owner-${ownerId}` };
};

let keys = 0;

/** A request as conversation makes it, with a charge key of its own. */
export function request(more: Asked = {}): GenerateRequest {
  return create(GenerateRequestSchema, {
    ownerId: "ada",
    botId: "bot",
    chargeKey: `bot:${++keys}`,
    systemPrompt: "You sell pizza.",
    answerLanguage: Language.UZ,
    text: "salom",
    ...more,
  });
}

export interface Answered {
  readonly text: string;
  readonly parts: readonly Part[];
}

/** Reads an answer to its end. */
export async function answer(parts: AsyncIterable<GenerateResponse>): Promise<Answered> {
  const all: Part[] = [];
  for await (const { part } of parts) if (part.case !== undefined) all.push(part);
  const text = all.map((part) => (part.case === "textDelta" ? part.value.text : "")).join("");
  return { text, parts: all };
}

async function factsOf(nats: NatsConnection): Promise<{ fact: QuotaFact; storedAt: number }[]> {
  const { streams } = await nats.jetstreamManager();
  const { state } = await streams.info("QUOTAS");
  const facts: { fact: QuotaFact; storedAt: number }[] = [];
  for (let seq = Math.max(1, state.first_seq); seq <= state.last_seq; seq++) {
    const { subject, data, time } = await streams.getMessage("QUOTAS", { seq });
    if (!subject.startsWith("quotas.")) continue;
    const { event } = fromBinary(QuotaEventSchema, data);
    if (event.case !== undefined) facts.push({ fact: event, storedAt: time.getTime() });
  }
  return facts;
}

/** Resolves as soon as the condition holds; the test's own time-out ends the waiting. */
export async function until(condition: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 20));
}

/** The most calls any window of that length saw. */
export function busiestWindow(arrivals: readonly number[], windowMs: number): number {
  const sorted = [...arrivals].sort((a, b) => a - b);
  let first = 0;
  return sorted.reduce((most, at, index) => {
    while (at - (sorted[first] ?? at) >= windowMs) first++;
    return Math.max(most, index - first + 1);
  }, 0);
}
