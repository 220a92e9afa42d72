import { describe, expect, it } from "@jest/globals";
import { z } from "zod";
import { ConfigError, loadConfig } from "./config.ts";
import { describeConfig } from "./describe-config.ts";
import { environment } from "./environment.ts";
import { redactText } from "./redaction.ts";
import { setting } from "./setting.ts";

const base64Key = Buffer.alloc(32, 7).toString("base64");
const everything = {
  PORT: "8080",
  ADMIN_PORT: "9090",
  NATS_URL: "nats://nats:4222",
  MONGODB_URL: "mongodb://mongo:27017/botfactory",
  KEYCLOAK_URL: "http://keycloak:8080",
  KEYCLOAK_REALM: "botfactory",
  KEYCLOAK_CLIENT_ID: "web",
  KEYCLOAK_CLIENT_SECRET: "the-client-secret",
  SERVICE_AUTH_KEY: base64Key,
  KEY_ENCRYPTION_KEY: base64Key,
  SESSION_SECRET: "a-session-secret-that-is-long-enough",
  BOTS_URL: "bots:50051",
  AI_URL: "dns:///ai-headless:50051",
  CONVERSATION_URL: "http://127.0.0.1:50053",
};

const problemsOf = (schema: z.ZodObject, env: NodeJS.ProcessEnv): string => {
  try {
    loadConfig(schema, env);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
  }
  throw new Error("it was accepted");
};

describe("the configuration", () => {
  it("is read with its defaults, numbers as numbers", () => {
    expect(loadConfig(environment, everything)).toMatchObject({
      PORT: 8080,
      LOG_LEVEL: "info",
      GEMINI_RPM: 60,
      GEMINI_RPD: 1_500,
      TELEGRAM_API_ROOT: "https://api.telegram.org",
    });
  });

  it("names every problem at once, and no value", () => {
    const env = {
      ...everything,
      PORT: "eighty",
      NATS_URL: "hunter2",
      SERVICE_AUTH_KEY: "hunter2",
      SESSION_SECRET: "hunter2",
      BOTS_URL: "",
    };
    const problems = problemsOf(environment, env);
    expect(problems.match(/^ {2}\w+/gm)?.map((line) => line.trim())).toEqual([
      "PORT",
      "NATS_URL",
      "SERVICE_AUTH_KEY",
      "SESSION_SECRET",
      "BOTS_URL",
    ]);
    expect(problems).not.toContain("hunter2");
  });

  it.each(["KEY_ENCRYPTION_KEY", "SESSION_SECRET", "SERVICE_AUTH_KEY", "KEYCLOAK_CLIENT_SECRET"])(
    "has no default for %s",
    (name) => {
      expect(problemsOf(environment, { ...everything, [name]: undefined })).toContain(name);
    },
  );

  it.each([
    ["a bare key", "AIzaBare", [{ project: "default", key: "AIzaBare" }]],
    [
      "two named ones",
      "one=k1, two=k2=",
      [
        { project: "one", key: "k1" },
        { project: "two", key: "k2=" },
      ],
    ],
  ])("reads %s in GOOGLE_API_KEY", (_what, text, keys) => {
    expect(loadConfig(environment.pick({ GOOGLE_API_KEY: true }), { GOOGLE_API_KEY: text }).GOOGLE_API_KEY).toEqual(
      keys,
    );
  });

  it.each(["k1,k2", "one=k1,one=k2", "one=", "o.ne=k1", "one=k1,", "k\u200b1", "one=k1,two=\u043a2"])(
    "refuses %s as GOOGLE_API_KEY",
    (text) => {
      expect(problemsOf(environment, { ...everything, GOOGLE_API_KEY: text })).toContain("GOOGLE_API_KEY");
    },
  );

  it.each([[base64Key], [`2026=${base64Key}`], [`2026=${base64Key},2025=${base64Key}`]])(
    "takes %s as KEY_ENCRYPTION_KEY, for rotation",
    (text) => {
      const schema = environment.pick({ KEY_ENCRYPTION_KEY: true });
      expect(loadConfig(schema, { KEY_ENCRYPTION_KEY: text })).toEqual({ KEY_ENCRYPTION_KEY: text });
    },
  );

  it.each(["short", `${base64Key}${base64Key}`, `${base64Key},${base64Key}`, `a b=${base64Key}`])(
    "refuses %s as KEY_ENCRYPTION_KEY",
    (text) => {
      expect(problemsOf(environment, { ...everything, KEY_ENCRYPTION_KEY: text })).toContain("KEY_ENCRYPTION_KEY");
    },
  );

  it.each(["nats://one:4222", "tls://ada:p%40ss@one:4222,tls://two:4222"])("takes %s as NATS_URL", (text) => {
    expect(loadConfig(environment.pick({ NATS_URL: true }), { NATS_URL: text })).toEqual({ NATS_URL: text });
  });

  it.each(["ws://one:80", "wss://one", "nats://one:4222,wss://two", "one:4222", "nats://one:4222,two:4222"])(
    "refuses %s as NATS_URL, and says what is spoken",
    (text) => {
      const problems = problemsOf(environment, { ...everything, NATS_URL: text });
      expect(problems).toContain(
        "NATS_URL: must be nats:// or tls:// addresses, comma-separated; WebSockets (ws, wss)",
      );
    },
  );

  it("starts without GOOGLE_API_KEY, so that the answer can say what is missing", () => {
    expect(loadConfig(environment, everything).GOOGLE_API_KEY).toBeUndefined();
  });

  it("keeps what it read out of logs: secrets, each key, and passwords in connection strings", () => {
    loadConfig(environment, {
      ...everything,
      MONGODB_URL: "mongodb://root:pass-of-mongo@mongo/db",
      GOOGLE_API_KEY: "one=first-odd-key,two=second-odd-key",
    });
    const text = `${base64Key} the-client-secret first-odd-key second-odd-key pass-of-mongo`;
    expect(redactText(text).replaceAll("[redacted]", "").trim()).toBe("");
  });
});

describe("the configuration reference", () => {
  it("tells of every variable its type, default, need and secrecy", () => {
    const rows = new Map(describeConfig(environment).map((row) => [row.name, row]));
    expect(rows.get("LOG_LEVEL")).toMatchObject({ default: "info", required: false, secret: false });
    expect(rows.get("SESSION_SECRET")).toMatchObject({ required: true, secret: true });
    expect(rows.get("GEMINI_RPM")).toMatchObject({ type: "number", default: "60" });
    expect(rows.get("GOOGLE_API_KEY")).toMatchObject({ required: false, secret: true });
    expect(rows.size).toBe(Object.keys(environment.shape).length);
  });

  it("knows a service's own default of a common variable", () => {
    const schema = z.object({ PORT: environment.shape.PORT.default(8080) });
    expect(describeConfig(schema)).toEqual([
      { name: "PORT", type: "port", default: "8080", required: false, secret: false, description: expect.any(String) },
    ]);
  });

  it("tells variables of one schema apart, and writes a default as the environment would", () => {
    const plans = z
      .string()
      .default("{}")
      .transform(() => ({ free: 1 }));
    const schema = environment
      .pick({ PORT: true, ADMIN_PORT: true, BOTS_URL: true, CONVERSATION_URL: true })
      .extend({ PLANS: setting(plans, { description: "Plans." }) });
    const rows = describeConfig(schema);
    expect(new Set(rows.map(({ description }) => description)).size).toBe(rows.length);
    expect(rows.find(({ name }) => name === "PLANS")?.default).toBe('{"free":1}');
  });

  it("refuses a variable nobody described", () => {
    expect(() => describeConfig(z.object({ ODD: z.string() }))).toThrow("ODD");
    expect(describeConfig(z.object({ ODD: setting(z.string(), { description: "Odd." }) }))).toHaveLength(1);
  });
});
