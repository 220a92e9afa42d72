import { DomainError } from "@botfactory/decider";
import { newSecretKey } from "@botfactory/encryption";
import { inMemoryEventStore } from "@botfactory/event-store";
import { CreateBotRequestSchema } from "@botfactory/proto/bots/v1/bots";
import { Language } from "@botfactory/proto/events/v1/account";
import { create } from "@bufbuild/protobuf";
import { describe, expect, it } from "@jest/globals";
import { accounts } from "./accounts.ts";
import { botSecrets } from "./bot-secrets.ts";
import { createBot } from "./create-bot.ts";
import { defaultPlans } from "./domain/plan.ts";
import type { Telegram } from "./telegram.ts";

const key = newSecretKey();
const unasked = () => Promise.reject(new Error("nobody asks this"));
const telegram: Telegram = {
  getMe: async () => ({ id: "7000001", username: "ada_bot", name: "Ada" }),
  getWebhookInfo: unasked,
  deleteWebhook: unasked,
  setWebhook: unasked,
};

describe("a creation that is refused while keys cannot be destroyed", () => {
  it("still says why", async () => {
    const away = new DomainError("unavailable", "unavailable");
    const secrets = botSecrets({
      get: async () => key,
      getOrCreate: async () => key,
      destroy: () => Promise.reject(away),
      rewrap: async () => 0,
    });
    const deps = { accounts: accounts(inMemoryEventStore(), defaultPlans), secrets, telegram, plans: defaultPlans };
    const request = create(CreateBotRequestSchema, {
      name: "Ada",
      language: Language.EN,
      systemPrompt: "You are Ada.",
      telegramToken: `7000001:${"A".repeat(35)}`,
    });
    const creation = (ownerId: string) => createBot({ ...deps, now: () => 0 }, ownerId, request);
    await creation("ada");
    await expect(creation("eve")).rejects.toMatchObject({ kind: "conflict", code: "token_taken" });
  });
});

describe("a creation that is repeated because no answer came", () => {
  const secrets = botSecrets({
    get: async () => key,
    getOrCreate: async () => key,
    destroy: () => Promise.reject(new Error("the first bot's key must live")),
    rewrap: async () => 0,
  });
  const owners = accounts(inMemoryEventStore(), defaultPlans);
  const deps = { accounts: owners, secrets, telegram, plans: defaultPlans, now: () => 0 };
  const creation = (ownerId: string, requestId: string, telegramToken = `7000001:${"A".repeat(35)}`) => {
    const fields = { name: "Ada", language: Language.EN, systemPrompt: "You are Ada.", telegramToken, requestId };
    return createBot(deps, ownerId, create(CreateBotRequestSchema, fields));
  };

  it("answers with the bot of the first, though the plan is full and its token taken by then", async () => {
    const [first, again] = [await creation("ada", "form-1"), await creation("ada", "form-1")];
    expect(again).toEqual(first);
    expect((await owners.load("ada")).state.bots).toHaveLength(1);
  });

  it("is one bot also when both are on their way at once", async () => {
    const token = `7000002:${"A".repeat(35)}`;
    const other = {
      ...deps,
      telegram: { ...telegram, getMe: async () => ({ id: "7000002", username: "b", name: "B" }) },
    };
    const fields = { name: "Bob", language: Language.EN, systemPrompt: "You are Bob.", telegramToken: token };
    const request = create(CreateBotRequestSchema, { ...fields, requestId: "form-1" });
    const [one, two] = await Promise.all([createBot(other, "bob", request), createBot(other, "bob", request)]);
    expect(one.bot.id).toBe(two.bot.id);
    expect((await owners.load("bob")).state.bots).toHaveLength(1);
  });

  it("is another bot for another owner, whatever the name of the request", async () => {
    await expect(creation("eve", "form-1")).rejects.toMatchObject({ code: "token_taken" });
  });

  it("is refused, as any other, under another name", async () => {
    await expect(creation("ada", "form-2")).rejects.toMatchObject({ code: "plan_limit_reached" });
  });

  it("is never the bot of the first when that was deleted: what ends a deletion would end it too", async () => {
    const other = accounts(inMemoryEventStore(), defaultPlans);
    const request = create(CreateBotRequestSchema, {
      name: "Ada",
      language: Language.EN,
      systemPrompt: "You are Ada.",
      telegramToken: `7000001:${"A".repeat(35)}`,
      requestId: "form-1",
    });
    const again = () => createBot({ ...deps, accounts: other }, "ada", request);
    const { bot: first } = await again();
    await other.deleteBot("ada", first.id);
    const { bot: second } = await again();
    expect(second.id).not.toBe(first.id);
    expect((await again()).bot.id).toBe(second.id);
  });
});
