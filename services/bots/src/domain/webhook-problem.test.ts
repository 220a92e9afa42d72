import { BotCreatedSchema, DeliveryMode, PauseReason } from "@botfactory/proto/events/v1/account";
import { create } from "@bufbuild/protobuf";
import { describe, expect, it } from "@jest/globals";
import { evolve, newAccount, type OwnedBot, ownedBot } from "./account-state.ts";
import type { Webhook } from "./bot-webhooks.ts";
import { webhookProblem } from "./webhook-problem.ts";

const now = 1_700_000_000_000;
const url = "https://bots.example.com/telegram/webhook/1";
const webhook: Webhook = {
  id: "a",
  baseUrl: "https://bots.example.com",
  mode: DeliveryMode.WEBHOOK,
  secretHash: new Uint8Array(),
  url,
  state: "set",
  replaces: [],
};
const fresh = ownedBot(
  evolve(newAccount, { case: "botCreated", value: create(BotCreatedSchema, { botId: "1" }) }),
  "1",
);
const withWebhook: OwnedBot = { ...fresh, webhooks: [webhook] };
const healthy = { url, pendingUpdates: 0, lastErrorAtUnixMs: 0 };
const refused = { code: "webhook_refused", description: "bad webhook" };

describe("the status of a webhook", () => {
  it("is well when Telegram delivers to it", () => expect(webhookProblem(withWebhook, healthy, now)).toBe(""));
  it("is well with an error Telegram has got over", () =>
    expect(webhookProblem(withWebhook, { ...healthy, lastErrorAtUnixMs: now - 1_000 }, now)).toBe(""));
  it("is well with an old error and an update under way", () =>
    expect(webhookProblem(withWebhook, { url, pendingUpdates: 1, lastErrorAtUnixMs: now - 3_600_000 }, now)).toBe(""));
  it("says that it is not set before anybody set it", () =>
    expect(webhookProblem(fresh, { ...healthy, url: "" }, now)).toBe("webhook_not_set"));
  it("says that it is not set when somebody took it away at Telegram", () =>
    expect(webhookProblem(withWebhook, { ...healthy, url: "" }, now)).toBe("webhook_not_set"));
  it("says that it is not set when Telegram delivers elsewhere", () =>
    expect(webhookProblem(withWebhook, { ...healthy, url: "https://else.example.com" }, now)).toBe("webhook_not_set"));
  it("says that Telegram refused it", () =>
    expect(webhookProblem({ ...fresh, webhookFailure: refused }, { ...healthy, url: "" }, now)).toBe(
      "webhook_refused",
    ));
  it("says that the bot does not respond while deliveries fail", () =>
    expect(webhookProblem(withWebhook, { url, pendingUpdates: 1, lastErrorAtUnixMs: now - 1_000 }, now)).toBe(
      "bot_not_responding",
    ));
  it("says that the bot does not respond when updates pile up", () =>
    expect(webhookProblem(withWebhook, { url, pendingUpdates: 51, lastErrorAtUnixMs: 0 }, now)).toBe(
      "bot_not_responding",
    ));
  it("says that the token was revoked, whatever else", () => {
    expect(webhookProblem({ ...withWebhook, tokenRevoked: true }, healthy, now)).toBe("token_revoked");
    expect(webhookProblem(withWebhook, "revoked", now)).toBe("token_revoked");
  });
  it("says that the bot is paused", () =>
    expect(webhookProblem({ ...withWebhook, pausedBy: PauseReason.PLAN }, healthy, now)).toBe("bot_paused"));
  it("says that Telegram cannot be reached", () =>
    expect(webhookProblem(withWebhook, "unreachable", now)).toBe("telegram_unreachable"));
});

describe("the status of polling", () => {
  const polled: OwnedBot = { ...fresh, webhooks: [{ ...webhook, mode: DeliveryMode.POLLING, url: "" }] };

  it("is well when Telegram has no webhook", () =>
    expect(webhookProblem(polled, { ...healthy, url: "" }, now)).toBe(""));
  it("says that it is not set when a webhook takes the updates away", () =>
    expect(webhookProblem(polled, healthy, now)).toBe("webhook_not_set"));
});
