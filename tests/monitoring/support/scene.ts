import { type ConnectedBot, connectBot } from "../../e2e/support/bots.ts";
import type { TestStack } from "../../e2e/support/test-stack.ts";

export const CHAT = 424_242_001;
export const WORDS = "What does the orange umbrella cost?";

/** Whose ids and secrets must not be seen. */
export interface Scene {
  readonly bot: ConnectedBot;
  readonly ownerId: string;
  readonly webhookSecret: string;
  /** Another message, and what leads to calls between services: a rate needs two samples of what is counted. */
  goOn(): Promise<void>;
}

/** Lets everything an operator watches happen once: a reply, a refusal, a failed call of the model, a forged post. */
export async function playScene(stack: TestStack): Promise<Scene> {
  const owner = await stack.people.owner("aziza");
  const bot = await connectBot(stack, owner);
  const replies = async (count: number) =>
    stack.telegram.waitForReply({ botId: bot.telegramId, chatId: CHAT, count, timeoutMs: 30_000 });
  await stack.telegram.user(CHAT).send(bot.telegramId, WORDS);
  await replies(1);
  await stack.model.script({ kind: "safety", times: 1 });
  await stack.telegram.user(CHAT).send(bot.telegramId, "And something wicked?");
  await replies(2);
  const { url, secretToken } = await stack.telegram.bot(bot.telegramId).webhook();
  const headers = { "content-type": "application/json", "x-telegram-bot-api-secret-token": "forged" };
  await fetch(url, { method: "POST", headers, body: JSON.stringify({ update_id: 1 }) });
  return {
    bot,
    ownerId: owner.ownerId,
    webhookSecret: secretToken,
    async goOn() {
      await owner.call("POST", `/bots/${bot.id}/webhook`, {});
      await stack.telegram.user(CHAT).send(bot.telegramId, WORDS);
      await replies(3);
    },
  };
}
