import { specFor } from "@botfactory/decider/testing";
import {
  BotCreatedSchema,
  BotPausedSchema,
  DeliveryMode,
  PauseReason,
  TokenRevokedSchema,
  WebhookDeletedSchema,
  WebhookFailedSchema,
  WebhookRequestedSchema,
  WebhookSetSchema,
} from "@botfactory/proto/events/v1/account";
import { create } from "@bufbuild/protobuf";
import { describe, expect, it } from "@jest/globals";
import { account } from "./account.ts";
import { type AccountFact, evolve, newAccount, ownedBot } from "./account-state.ts";
import { webhookInForce } from "./bot-webhooks.ts";
import { defaultPlans } from "./plan.ts";

const given = specFor(account(defaultPlans));
const botId = "1";
const mode = DeliveryMode.WEBHOOK;
const request = (id: string) => ({
  botId,
  webhookId: id,
  baseUrl: "https://bots.example.com",
  mode,
  secretHash: new TextEncoder().encode(`hash ${id}`),
  sealedSecret: new TextEncoder().encode(`sealed ${id}`),
});
const url = "https://bots.example.com/telegram/webhook/1";

const created: AccountFact = { case: "botCreated", value: create(BotCreatedSchema, { botId }) };
const revoked: AccountFact = { case: "tokenRevoked", value: create(TokenRevokedSchema, { botId }) };
const pausedBot: AccountFact = {
  case: "botPaused",
  value: create(BotPausedSchema, { botId, reason: PauseReason.OWNER }),
};
const requested = (id: string): AccountFact => ({
  case: "webhookRequested",
  value: create(WebhookRequestedSchema, request(id)),
});
const set = (id: string): AccountFact => ({
  case: "webhookSet",
  value: create(WebhookSetSchema, { botId, webhookId: id, url, mode }),
});
const failed = (id: string, code = "webhook_refused"): AccountFact => ({
  case: "webhookFailed",
  value: create(WebhookFailedSchema, { botId, webhookId: id, code, description: "why" }),
});
const webhookDeleted: AccountFact = { case: "webhookDeleted", value: create(WebhookDeletedSchema, { botId }) };

describe("a webhook", () => {
  it("is requested first", () =>
    given(created)
      .when({ type: "RequestWebhook", ...request("a") })
      .then(requested("a")));
  it("is not requested for a paused bot", () =>
    given(created, pausedBot)
      .when({ type: "RequestWebhook", ...request("a") })
      .thenRefuses("bot_paused"));
  it("is not requested with a revoked token", () =>
    given(created, revoked)
      .when({ type: "RequestWebhook", ...request("a") })
      .thenRefuses("token_revoked"));
  it("is set when Telegram accepts it", () =>
    given(created, requested("a")).when({ type: "ConfirmWebhook", botId, webhookId: "a", url }).then(set("a")));
  it("is set once", () =>
    given(created, requested("a"), set("a")).when({ type: "ConfirmWebhook", botId, webhookId: "a", url }).then());
  it("has failed when Telegram refuses it", () =>
    given(created, requested("a"))
      .when({ type: "FailWebhook", botId, webhookId: "a", code: "webhook_refused", description: "why" })
      .then(failed("a")));
  it("is taken away", () =>
    given(created, requested("a"), set("a")).when({ type: "RemoveWebhook", botId }).then(webhookDeleted));
  it("is not taken away when there is none", () => given(created).when({ type: "RemoveWebhook", botId }).then());
  it("of nobody's bot is refused", () =>
    given()
      .when({ type: "RequestWebhook", ...request("a") })
      .thenRefuses("bot_not_found"));
});

describe("the secrets that are accepted", () => {
  const accepted = (...facts: AccountFact[]) =>
    ownedBot([created, ...facts].reduce(evolve, newAccount), botId).webhooks.map(({ id }) => id);

  it("include the new one before Telegram is asked", () =>
    expect(accepted(requested("a"), set("a"), requested("b"))).toEqual(["a", "b"]));
  it("lose the former one once the new one is set", () =>
    expect(accepted(requested("a"), set("a"), requested("b"), set("b"))).toEqual(["b"]));
  it("keep the former one when Telegram refuses the new one", () =>
    expect(accepted(requested("a"), set("a"), requested("b"), failed("b"))).toEqual(["a"]));
  it("keep both when Telegram does not answer, until one is set", () => {
    const doubt = [requested("a"), set("a"), requested("b"), failed("b", "telegram_unreachable")];
    expect(accepted(...doubt)).toEqual(["a", "b"]);
    expect(accepted(...doubt, requested("c"), set("c"))).toEqual(["c"]);
  });
  it("keep both of two requests that overlapped, for only Telegram knows which came last", () => {
    const overlapping = [requested("a"), requested("b"), set("b"), set("a")];
    expect(accepted(...overlapping)).toEqual(["a", "b"]);
    expect(accepted(...overlapping, requested("c"), set("c"))).toEqual(["c"]);
  });
  it("are none after the webhook was deleted", () =>
    expect(accepted(requested("a"), set("a"), webhookDeleted)).toEqual([]));
  it("keep the one in force, however often Telegram leaves a later request unanswered", () => {
    const doubts = Array.from({ length: 20 }, (_, n) => [
      requested(String(n)),
      failed(String(n), "telegram_unreachable"),
    ]);
    expect(accepted(requested("a"), set("a"), ...doubts.flat())).toEqual([
      "a",
      "13",
      "14",
      "15",
      "16",
      "17",
      "18",
      "19",
    ]);
  });
  it("never grow without end", () =>
    expect(accepted(...Array.from({ length: 50 }, (_, n) => requested(String(n))))).toHaveLength(8));
});

describe("the webhook in force", () => {
  const inForce = (...facts: AccountFact[]) =>
    webhookInForce(ownedBot([created, ...facts].reduce(evolve, newAccount), botId).webhooks)?.url;

  it("is none before Telegram accepted one", () => expect(inForce(requested("a"))).toBeUndefined());
  it("is the one Telegram accepted", () => expect(inForce(requested("a"), set("a"), requested("b"))).toBe(url));
});
