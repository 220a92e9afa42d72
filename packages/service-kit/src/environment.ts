import { z } from "zod";
import { googleApiKeys } from "./google-api-keys.ts";
import { LOG_LEVELS } from "./logger.ts";
import { isNatsUrl, NOT_A_NATS_URL } from "./nats-url.ts";
import { setting } from "./setting.ts";

const port = z.coerce.number().int().min(0).max(65_535);
const count = z.coerce.number().int().positive();
const httpUrl = z.url({ protocol: /^https?$/, error: "must be an http(s) URL" });
const file = z.string().min(1);
const mongodbUrl = z.string().regex(/^mongodb(\+srv)?:\/\/\S+$/, "must look like mongodb://host:27017/botfactory");
const base64Key = z
  .string()
  .refine((text) => /^[A-Za-z0-9+/]{43}=$/.test(text), "must be 32 bytes in base64 (44 characters)");
const ENCRYPTION_KEYS = /^([A-Za-z0-9_-]{1,32}=)?[A-Za-z0-9+/]{43}=(\s*,\s*[A-Za-z0-9_-]{1,32}=[A-Za-z0-9+/]{43}=)*$/;
const encryptionKeys = z
  .string()
  .regex(ENCRYPTION_KEYS, "must be 32 bytes in base64, or id=base64,id2=base64 with the current one first");
const httpUrls = z
  .string()
  .transform((text) => text.split(",").map((part) => part.trim()))
  .pipe(z.array(httpUrl));
const grpcTarget = z
  .string()
  .regex(/^(dns:\/\/\/|https?:\/\/)?[^/\s]+:\d+\/?$/, "must be host:port, dns:///host:port or http://host:port");

/**
 * Every variable that more than one service may need, under its one name. A service takes what it needs:
 * `environment.pick({ NATS_URL: true, PORT: true }).extend({ OWN: … })`, and may give a default by
 * `PORT: environment.shape.PORT.default(8080)`.
 */
export const environment = z.object({
  PORT: setting(port, { description: "Port the service listens on.", type: "port" }),
  ADMIN_PORT: setting(port, { description: "Port of /healthz, /readyz and /metrics.", type: "port" }),
  LOG_LEVEL: setting(z.enum(LOG_LEVELS).default("info"), { description: "Least level that is logged." }),
  NATS_URL: setting(z.string().refine(isNatsUrl, NOT_A_NATS_URL), {
    description:
      "NATS servers, comma-separated; tls:// demands TLS; user:password@, token@, ?creds=<file> or ?nkey=<file> for credentials.",
    type: "URL",
  }),
  NATS_MONITORING_URL: setting(httpUrls.optional(), {
    description: "Monitoring addresses of all NATS servers, comma-separated; there a service sees how they sync.",
    type: "list of URLs",
  }),
  NATS_SYNC: setting(z.enum(["verified", "stated", "unsynced"]).default("verified"), {
    description:
      "How it is known that NATS syncs every write before it acknowledges (sync_interval: always): verified (asked at NATS_MONITORING_URL; the start is refused otherwise), stated (by you, where that port is closed), unsynced (not demanded: a power cut may lose acknowledged messages).",
  }),
  NATS_REPLICAS: setting(count.max(5).optional(), {
    description:
      "Servers that keep a copy of each stream, 3 in a cluster; left out: as the streams are, 1 for new ones.",
  }),
  MONGODB_URL: setting(mongodbUrl, {
    description: "MongoDB or FerretDB 2 with the database's name in the path.",
    type: "URL",
  }),
  KEYCLOAK_URL: setting(httpUrl, {
    description: "Keycloak's base URL, as it stands in the tokens' issuer.",
    type: "URL",
  }),
  KEYCLOAK_REALM: setting(z.string().min(1), { description: "Keycloak realm of the owners." }),
  KEYCLOAK_CLIENT_ID: setting(z.string().min(1), {
    description: "Client of the console; access tokens must name it in their audience.",
  }),
  KEYCLOAK_CLIENT_SECRET: setting(z.string().min(1), { description: "Secret of the console's client.", secret: true }),
  SERVICE_AUTH_KEY: setting(base64Key, {
    description: "Key by which services sign the tokens they show each other; the same in all services.",
    type: "base64, 32 bytes",
    secret: true,
  }),
  KEY_ENCRYPTION_KEY: setting(encryptionKeys, {
    description:
      "Keys that wrap the keys of bots and chats, the current one first; losing them loses every token and text.",
    type: "base64, 32 bytes, or list of id=base64",
    secret: true,
  }),
  SESSION_SECRET: setting(z.string().min(32, "must have at least 32 characters"), {
    description: "Signs the console's session cookies.",
    type: "text, at least 32 characters",
    secret: true,
  }),
  GOOGLE_API_KEY: setting(googleApiKeys.optional(), {
    description: "Gemini keys: one key, or name=key,name2=key2 for several Google projects, used in turn.",
    type: "key or list of name=key",
    secret: true,
  }),
  GEMINI_BASE_URL: setting(httpUrl.default("https://generativelanguage.googleapis.com"), {
    description: "Where Gemini, or what stands in for it, is reached.",
    type: "URL",
  }),
  GEMINI_MODEL: setting(z.string().min(1).default("gemini-3.5-flash-lite"), {
    description: "Model of bots that choose none.",
  }),
  GEMINI_RPM: setting(count.default(60), { description: "Requests a minute allowed per Google project and model." }),
  GEMINI_RPD: setting(count.default(1_500), {
    description: "Requests a day (Pacific time) allowed per Google project and model.",
  }),
  TELEGRAM_API_ROOT: setting(httpUrl.default("https://api.telegram.org"), {
    description: "Telegram's Bot API, or what stands in for it.",
    type: "URL",
  }),
  WEBHOOK_BASE_URL: setting(httpUrl.optional(), {
    description: "Public base URL of ingress that bots use unless their owner sets another; https except locally.",
    type: "URL",
  }),
  TLS_CERT_FILE: setting(file.optional(), {
    description:
      "The service's own certificate (PEM), whose URI is spiffe://<trust domain>/botfactory/<service>; all three TLS files or none. With them gRPC demands certificates on both sides; renewed files are taken without a restart.",
    type: "path",
  }),
  TLS_KEY_FILE: setting(file.optional(), { description: "The key of that certificate (PEM).", type: "path" }),
  TLS_CA_FILE: setting(file.optional(), {
    description: "Certificates of the authority that the services' certificates come from (PEM).",
    type: "path",
  }),
  BOTS_URL: setting(grpcTarget, { description: "gRPC address of bots.", type: "host:port or dns:///host:port" }),
  AI_URL: setting(grpcTarget, { description: "gRPC address of ai.", type: "host:port or dns:///host:port" }),
  CONVERSATION_URL: setting(grpcTarget, {
    description: "gRPC address of conversation.",
    type: "host:port or dns:///host:port",
  }),
});
