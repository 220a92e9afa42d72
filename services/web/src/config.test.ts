import { describe, expect, it } from "@jest/globals";
import { readConfig } from "./config.ts";

const env = {
  MONGODB_URL: "mongodb://localhost/botfactory",
  KEYCLOAK_URL: "http://localhost:8180/",
  KEYCLOAK_REALM: "botfactory",
  KEYCLOAK_CLIENT_ID: "botfactory",
  KEYCLOAK_CLIENT_SECRET: "secret",
  SESSION_SECRET: "x".repeat(32),
  BOTS_URL: "localhost:1",
  AI_URL: "localhost:2",
  CONVERSATION_URL: "localhost:3",
};

describe("the configuration of web", () => {
  it("needs no public address locally", () => {
    expect(readConfig({ ...env, PORT: "3000" }).publicUrl).toBe("http://localhost:3000");
  });
  it("takes the origin of the public address only", () => {
    expect(readConfig({ ...env, PUBLIC_URL: "https://Console.test/some/path" }).publicUrl).toBe("https://console.test");
  });
  it("names Keycloak as its tokens do", () => {
    expect(readConfig(env).keycloak.url).toBe("http://localhost:8180");
  });
  it("lists everything that is missing at once", () => {
    expect(() => readConfig({})).toThrow(/MONGODB_URL[\s\S]*KEYCLOAK_URL[\s\S]*SESSION_SECRET[\s\S]*CONVERSATION_URL/);
  });
});
