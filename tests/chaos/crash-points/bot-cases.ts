import type { CrashPoint } from "@botfactory/crash-points";
import { createBot } from "../../e2e/support/bots.ts";
import { until } from "../../e2e/support/until.ts";
import { killedAt, type Stage } from "./stage.ts";

/** What an owner does while the process dies, and what must be so once it is back. */
export interface OwnerCase {
  readonly facts: (stage: Stage, point: CrashPoint) => Promise<unknown>;
  readonly expected: unknown;
}

let made = 0;
const WISH = { description: "", language: "en", platform: "telegram", systemPrompt: "You are a helpful assistant." };
// Ingress refuses a wrong secret before it looks at anything else, and this body after that: so nothing is stored.
const SECRET_IS_RIGHT = 415;

/** The owner creates a bot and presses the button again. */
export const creation: OwnerCase = {
  async facts(stage, point) {
    const { stack, maker } = stage;
    const name = `Made at ${point} ${++made}`;
    const { token: telegramToken } = await stack.telegram.createBot();
    const requestId = `${point}-${made}`;
    const create = () => maker.call<{ id: string }>("POST", "/bots", { ...WISH, name, telegramToken, requestId });
    await (await killedAt(stage, { service: "bots", point }, create)).revive();
    const { status, body } = await create();
    const webhook = await setWebhook(stage, body.id);
    return { status, webhook, named: await countOf(stage, name) };
  },
  expected: { status: 201, webhook: 200, named: 1 },
};

/** The owner sets a webhook and presses the button again; `between` is what Telegram meets before that. */
const webhookSetting = (between: string | number): OwnerCase => ({
  async facts(stage, point) {
    const { id, telegramId } = await createBot(stage.stack, stage.maker);
    const dead = await killedAt(stage, { service: "bots", point }, () => setWebhook(stage, id));
    await dead.revive();
    return {
      between: await knock(stage, telegramId),
      again: await setWebhook(stage, id),
      after: await knock(stage, telegramId),
    };
  },
  expected: { between, again: 200, after: SECRET_IS_RIGHT },
});

export const webhookRequest = webhookSetting("Telegram was told nothing");
/** What people write is let in, though nobody has confirmed the webhook yet. */
export const webhookConfirmation = webhookSetting(SECRET_IS_RIGHT);

/** The owner deletes a bot: its key is gone for every process, and the bot for the owner. */
export const deletion: OwnerCase = {
  async facts(stage, point) {
    const { stack, log, maker } = stage;
    const { id } = await createBot(stack, maker);
    const dead = await killedAt(stage, { service: "bots", point }, () => maker.call("DELETE", `/bots/${id}`));
    await dead.revive();
    const { streams } = await log.nats.jetstreamManager();
    // Only an empty message makes other processes drop the key from their memory.
    const tombstone = () => streams.getMessage("KEYS", { last_by_subj: `keys.bot.${id}` }).catch(() => undefined);
    const told = await until("every process is told that the key is gone", tombstone);
    return { key: told.data.length, again: (await maker.call("DELETE", `/bots/${id}`)).status };
  },
  expected: { key: 0, again: 404 },
};

async function setWebhook({ maker }: Stage, botId: string): Promise<number> {
  return (await maker.call("POST", `/bots/${botId}/webhook`, {})).status;
}

/** As Telegram would, with the secret it was given. */
async function knock({ stack }: Stage, telegramId: number): Promise<string | number> {
  const { url, secretToken } = await stack.telegram.bot(telegramId).webhook();
  if (url === "") return "Telegram was told nothing";
  const secret = { "x-telegram-bot-api-secret-token": secretToken };
  const post = () => fetch(url, { method: "POST", headers: secret, body: "?" }).catch(() => undefined);
  // Ingress may be dead at the moment for a case of its own.
  return (await until("ingress answers", post)).status;
}

async function countOf({ maker, database }: Stage, name: string): Promise<number> {
  const bots = database.db().collection("bots");
  await until("the bot is in the read model", () => bots.findOne({ name }));
  return bots.countDocuments({ name, ownerId: maker.ownerId });
}
