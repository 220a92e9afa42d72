import { describeConfig, loadConfig } from "@botfactory/service-kit";
import { describe, expect, it } from "@jest/globals";
import { botsEnvironment } from "./config.ts";
import { defaultPlans } from "./domain/plan.ts";

const key = Buffer.alloc(32, 7).toString("base64");
const complete = {
  NATS_URL: "nats://nats:4222",
  NATS_MONITORING_URL: "http://nats:8222",
  MONGODB_URL: "mongodb://mongodb:27017/botfactory",
  KEYCLOAK_URL: "https://keycloak.example.com",
  KEYCLOAK_REALM: "botfactory",
  KEYCLOAK_CLIENT_ID: "console",
  SERVICE_AUTH_KEY: key,
  KEY_ENCRYPTION_KEY: key,
};
const read = (more: Readonly<Record<string, string>>) => loadConfig(botsEnvironment, { ...complete, ...more });

describe("the configuration of bots", () => {
  it("is strict about webhooks unless told otherwise", () =>
    expect(read({})).toMatchObject({ LOCAL_MODE: false, TELEGRAM_UPDATES: "webhook", PLANS: defaultPlans }));

  it("takes plans that differ from the defaults, and keeps the rest", () => {
    const { PLANS } = read({ PLANS: '{"free":{"bots":3},"basic":{"messagesADay":7}}' });
    expect(PLANS.free).toEqual({ ...defaultPlans.free, bots: 3 });
    expect(PLANS.basic).toEqual({ ...defaultPlans.basic, messagesADay: 7 });
    expect(PLANS.premium).toEqual(defaultPlans.premium);
  });

  it.each([
    "{",
    "[]",
    '{"gold":{"bots":1}}',
    '{"free":{"bots":0}}',
    '{"free":{"bots":1.5}}',
    '{"free":{"boots":1}}',
    '{"free":{"bots":2147483648}}',
  ])("refuses the plans %s", (PLANS) => expect(() => read({ PLANS })).toThrow(/PLANS/));

  it("names everything that is missing at once", () =>
    expect(() => loadConfig(botsEnvironment, { LOCAL_MODE: "perhaps" })).toThrow(
      /NATS_URL[\s\S]*MONGODB_URL[\s\S]*KEY_ENCRYPTION_KEY[\s\S]*LOCAL_MODE/,
    ));

  it("describes each of its variables", () =>
    expect(describeConfig(botsEnvironment).map(({ name }) => name)).toEqual(
      expect.arrayContaining(["PLANS", "LOCAL_MODE", "TELEGRAM_UPDATES", "WEBHOOK_BASE_URL"]),
    ));
});
