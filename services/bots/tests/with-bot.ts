import { createHash } from "node:crypto";
import type { WebhookRegistration } from "@botfactory/proto/webhooks/v1/registration";
import { as, newBot, type Stage, type StartedBots } from "./stage.ts";

/** Nobody listens there: what Telegram delivers is refused. */
export const baseUrl = "http://127.0.0.1:1";

export const hashOf = (secret: string) => createHash("sha256").update(secret).digest("hex");

/** Hashes of the secrets ingress accepts. */
export const accepted = (registration: WebhookRegistration | undefined) =>
  (registration?.secretHashes ?? []).map((hash) => Buffer.from(hash).toString("hex"));

export type WithBot = ReturnType<typeof botsOf>;

/** Makes a new owner's bot, and what is needed to look at it from all sides. */
export function botsOf(scene: Stage, bots: StartedBots) {
  let owners = 0;
  return async function withBot() {
    const ownerId = `owner${++owners}`;
    const made = await newBot(scene, bots.client, ownerId);
    const { botId, telegramBotId } = made;
    return {
      ...made,
      ownerId,
      set: () => bots.client.setWebhook({ botId, baseUrl }, as(ownerId)),
      status: async () => (await bots.client.getWebhookStatus({ botId }, as(ownerId))).status,
      atTelegram: () => scene.telegram.bot(telegramBotId).webhook(),
      registration: () => scene.registration(botId),
      fails: (wish: Omit<Parameters<typeof scene.telegram.fault>[0], "botId">) =>
        scene.telegram.fault({ ...wish, botId: telegramBotId }),
    };
  };
}
