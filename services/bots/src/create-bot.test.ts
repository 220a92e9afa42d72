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
