import { fileURLToPath } from "node:url";
import { demandWholeTls, environment, loadConfig, setting, TLS_FILES, tlsFiles } from "@botfactory/service-kit";
import { z } from "zod";

const DEFAULT_PORT = 8080;
const DEFAULT_ADMIN_PORT = 9080;

export const webEnvironment = environment
  .pick({
    PORT: true,
    ADMIN_PORT: true,
    LOG_LEVEL: true,
    MONGODB_URL: true,
    KEYCLOAK_URL: true,
    KEYCLOAK_REALM: true,
    KEYCLOAK_CLIENT_ID: true,
    KEYCLOAK_CLIENT_SECRET: true,
    SESSION_SECRET: true,
    BOTS_URL: true,
    AI_URL: true,
    CONVERSATION_URL: true,
    ...TLS_FILES,
  })
  .extend({
    PORT: environment.shape.PORT.default(DEFAULT_PORT),
    ADMIN_PORT: environment.shape.ADMIN_PORT.default(DEFAULT_ADMIN_PORT),
    PUBLIC_URL: setting(z.url({ protocol: /^https?$/, error: "must be an http(s) URL" }).optional(), {
      description: "Origin people open the console at; https except locally. Default http://localhost:<PORT>.",
      type: "URL",
    }),
    WEB_CLIENT_DIR: setting(
      z
        .string()
        .min(1)
        .default(fileURLToPath(new URL("../client/dist", import.meta.url))),
      {
        description: "Folder of the built browser app.",
        type: "path",
      },
    ),
  })
  .superRefine(...demandWholeTls);

export interface WebConfig {
  readonly port: number;
  readonly adminPort: number;
  readonly logLevel: z.output<typeof webEnvironment>["LOG_LEVEL"];
  readonly mongodbUrl: string;
  readonly keycloak: KeycloakClient;
  readonly sessionSecret: string;
  readonly botsUrl: string;
  readonly aiUrl: string;
  readonly conversationUrl: string;
  /** Certificates for calls of the services; plain connections without. */
  readonly tlsFiles?: ReturnType<typeof tlsFiles>;
  /** Origin, without a slash at the end. Nothing is ever built from the Host header. */
  readonly publicUrl: string;
  readonly clientDirectory: string;
}

export interface KeycloakClient {
  readonly url: string;
  readonly realm: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

export function readConfig(env: NodeJS.ProcessEnv): WebConfig {
  const read = loadConfig(webEnvironment, env);
  return {
    port: read.PORT,
    adminPort: read.ADMIN_PORT,
    logLevel: read.LOG_LEVEL,
    mongodbUrl: read.MONGODB_URL,
    keycloak: {
      url: read.KEYCLOAK_URL.replace(/\/+$/, ""),
      realm: read.KEYCLOAK_REALM,
      clientId: read.KEYCLOAK_CLIENT_ID,
      clientSecret: read.KEYCLOAK_CLIENT_SECRET,
    },
    sessionSecret: read.SESSION_SECRET,
    botsUrl: read.BOTS_URL,
    aiUrl: read.AI_URL,
    conversationUrl: read.CONVERSATION_URL,
    tlsFiles: tlsFiles(read),
    publicUrl: new URL(read.PUBLIC_URL ?? `http://localhost:${read.PORT}`).origin,
    clientDirectory: read.WEB_CLIENT_DIR,
  };
}
