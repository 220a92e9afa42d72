import { DomainError } from "@botfactory/decider";
import { type KeyRing, newSecretKey } from "@botfactory/encryption";
import { inMemoryEventStore } from "@botfactory/event-store";
import { DeliveryMode, Language } from "@botfactory/proto/events/v1/account";
import { describe, expect, it } from "@jest/globals";
import { accounts } from "./accounts.ts";
import { botSecrets } from "./bot-secrets.ts";
import { ownedBot } from "./domain/account-state.ts";
import { defaultPlans } from "./domain/plan.ts";
import { setWebhook, type WebhookDeps } from "./set-webhook.ts";
import type { Telegram } from "./telegram.ts";

const key = newSecretKey();
const keys: KeyRing = {
  get: async () => key,
  getOrCreate: async () => key,
  destroy: async () => undefined,
  rewrap: async () => 0,
};

/** An owner with one bot, and everything that happens to its webhook in the order in which it happens. */
async function withBot(more: { readonly publish?: () => Promise<void>; readonly setAtTelegram?: () => Promise<void> }) {
  const happened: string[] = [];
  const secrets = botSecrets(keys);
  const owners = accounts(inMemoryEventStore(), defaultPlans);
  const { state } = await owners.createBot("ada", {
    type: "CreateBot",
    botId: "bot",
    name: "Ada",
    description: "",
    language: Language.EN,
    systemPrompt: "You are Ada.",
    telegramBotId: "7000001",
    telegramUsername: "ada_bot",
    sealedToken: await secrets.sealToken("bot", "7000001:token"),
    tokenLast4: "oken",
    sealedChatKeySecret: await secrets.newChatKeySecret("bot"),
    createdAtUnixMs: 0n,
  });
  const unasked = () => Promise.reject(new Error("nobody asks this"));
  const telegram: Telegram = {
    getMe: unasked,
    getWebhookInfo: unasked,
    deleteWebhook: unasked,
    setWebhook: async (token) => {
      happened.push(`Telegram is asked with ${token}`);
      await more.setAtTelegram?.();
    },
  };
  const deps: WebhookDeps = {
    accounts: owners,
    secrets,
    telegram,
    table: {
      publish: async (_, __, revision) => {
        happened.push(`ingress knows ${revision}`);
        await more.publish?.();
      },
    },
    webhooks: { localMode: false, defaultBaseUrl: "", mode: DeliveryMode.WEBHOOK },
  };
  const set = () => setWebhook(deps, { ownerId: "ada", bot: ownedBot(state, "bot") }, "https://bots.example.com");
  const webhooks = async () => ownedBot((await owners.load("ada")).state, "bot").webhooks.map((one) => one.state);
  return { happened, set, webhooks };
}

describe("setting a webhook", () => {
  it("tells ingress before Telegram, and again afterwards", async () => {
    const { happened, set } = await withBot({});
    await set();
    expect(happened).toEqual(["ingress knows 4", "Telegram is asked with 7000001:token", "ingress knows 5"]);
  });

  it("does not ask Telegram when ingress cannot be told", async () => {
    const publish = () => Promise.reject(new DomainError("unavailable", "unavailable"));
    const { happened, set } = await withBot({ publish });
    await expect(set()).rejects.toMatchObject({ code: "unavailable" });
    expect(happened).toEqual(["ingress knows 4"]);
  });

  it("keeps the new secret when nobody knows what Telegram did", async () => {
    const { set, webhooks } = await withBot({ setAtTelegram: () => Promise.reject(new Error("a bug")) });
    await expect(set()).rejects.toThrow("a bug");
    expect(await webhooks()).toEqual(["doubtful"]);
  });
});
