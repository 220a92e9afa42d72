import type { Owner } from "./people.ts";
import type { TestStack } from "./test-stack.ts";

export interface ConnectedBot {
  readonly id: string;
  readonly telegramId: number;
  readonly username: string;
  readonly token: string;
}

/** Puts an owner on a plan, as the administrator does. */
export async function choosePlan({ people }: Pick<TestStack, "people">, owner: Owner, plan: string): Promise<void> {
  const admin = await people.owner("admin");
  await owner.call("GET", "/me");
  const answer = await admin.call("PUT", `/admin/owners/${owner.ownerId}/plan`, { plan });
  if (answer.status !== 200) throw new Error(`plan ${plan}: ${answer.status} ${answer.text}`);
}

/** A bot created through the API. */
export async function createBot(
  stack: Pick<TestStack, "telegram">,
  owner: Owner,
  more: object = {},
): Promise<ConnectedBot> {
  const { id: telegramId, username, token } = await stack.telegram.createBot();
  const answer = await owner.call<{ id: string }>("POST", "/bots", {
    name: "Test bot",
    description: "",
    language: "en",
    platform: "telegram",
    systemPrompt: "You are a helpful assistant.",
    telegramToken: token,
    ...more,
  });
  if (answer.status !== 201) throw new Error(`create bot: ${answer.status} ${answer.text}`);
  return { id: answer.body.id, telegramId, username, token };
}

/** A bot created through the API, with its webhook set. */
export async function connectBot(
  stack: Pick<TestStack, "telegram">,
  owner: Owner,
  more: object = {},
): Promise<ConnectedBot> {
  const bot = await createBot(stack, owner, more);
  const answer = await owner.call("POST", `/bots/${bot.id}/webhook`, {});
  if (answer.status !== 200) throw new Error(`set webhook: ${answer.status} ${answer.text}`);
  return bot;
}
