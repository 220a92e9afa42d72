import { describe, expect, it } from "@jest/globals";
import { withStack } from "./stack-environment.ts";
import type { RunningStack } from "./stack-file.ts";

const stack: RunningStack = {
  web: "http://127.0.0.1:8080",
  ingress: "http://127.0.0.1:8081",
  simulator: "http://127.0.0.1:8082",
  gemini: "http://127.0.0.1:8083",
  nats: "nats://127.0.0.1:4222",
  natsMonitoring: "http://127.0.0.1:8222",
  mongodb: "mongodb://127.0.0.1:27017/botfactory",
  keycloak: { url: "http://127.0.0.1:8084", realm: "botfactory" },
  pids: {},
};

describe("beside a running stack", () => {
  it("what the environment does not say comes from the stack", () => {
    expect(withStack({ MONGODB_URL: "mongodb://other/db", KEYCLOAK_REALM: "" }, stack)).toEqual({
      MONGODB_URL: "mongodb://other/db",
      KEYCLOAK_REALM: "botfactory",
      KEYCLOAK_URL: "http://127.0.0.1:8084",
      NATS_URL: "nats://127.0.0.1:4222",
      NATS_MONITORING_URL: "http://127.0.0.1:8222",
      TELEGRAM_API_ROOT: "http://127.0.0.1:8082",
      GEMINI_BASE_URL: "http://127.0.0.1:8083",
      GOOGLE_API_KEY: "demo",
    });
  });

  it("a key of the environment does not go to the stack's stand-in, nor its NATS to the stack's monitoring port", () => {
    const env = withStack({ GOOGLE_API_KEY: "a real one", NATS_URL: "nats://other" }, stack);
    expect(env["GEMINI_BASE_URL"]).toBeUndefined();
    expect(env["NATS_MONITORING_URL"]).toBeUndefined();
  });

  it("a NATS of somebody else's need not be looked at, as for the stack's services", () => {
    const { natsMonitoring, ...without } = stack;
    expect(withStack({}, without)).toMatchObject({ NATS_URL: "nats://127.0.0.1:4222", NATS_SYNC: "unsynced" });
  });

  it("the stack's own Telegram and Gemini are left out where it uses the real ones", () => {
    const env = withStack({}, { ...stack, simulator: "", gemini: "" });
    expect(Object.keys(env)).not.toEqual(expect.arrayContaining(["TELEGRAM_API_ROOT"]));
    expect(env["GOOGLE_API_KEY"]).toBeUndefined();
  });
});
