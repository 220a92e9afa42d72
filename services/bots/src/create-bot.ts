import { createHash, randomBytes } from "node:crypto";
import { crashPoint } from "@botfactory/crash-points";
import { DomainError } from "@botfactory/decider";
import { base32 } from "@botfactory/encryption";
import type { CreateBotRequest } from "@botfactory/proto/bots/v1/bots";
import type { Accounts } from "./accounts.ts";
import type { BotSecrets } from "./bot-secrets.ts";
import { type Account, botOf, type OwnedBot, ownedBot } from "./domain/account-state.ts";
import { botDescription, botLanguage, botName, botPrompt, botToken, requestId } from "./domain/bot-fields.ts";
import { type Plans, refuseOneBotMore } from "./domain/plan.ts";
import { type Telegram, TelegramRefused, type TelegramUser } from "./telegram.ts";

export interface CreateBotDeps {
  readonly accounts: Accounts;
  readonly secrets: BotSecrets;
  readonly telegram: Telegram;
  readonly plans: Plans;
  readonly now: () => number;
}

const BOT_ID_LENGTH = 20;

/** The life of a creation: fields, plan, Telegram's word on the token, and only then anything is stored. */
export async function createBot(
  deps: CreateBotDeps,
  ownerId: string,
  request: CreateBotRequest,
): Promise<{ bot: OwnedBot; revision: number }> {
  const fields = {
    name: botName(request.name),
    description: botDescription(request.description),
    language: botLanguage(request.language),
    systemPrompt: botPrompt(request.systemPrompt),
  };
  const token = botToken(request.telegramToken);
  const account = await deps.accounts.load(ownerId);
  const botId = idOfBot(ownerId, requestId(request.requestId), account.state);
  const repeated = botOf(account.state, botId);
  if (repeated !== undefined) return { bot: repeated, revision: account.revision };
  refuseOneBotMore(deps.plans, account.state);
  const user = await userOfToken(deps.telegram, token);

  try {
    const { state, revision } = await deps.accounts.createBot(ownerId, {
      type: "CreateBot",
      botId,
      ...fields,
      telegramBotId: user.id,
      telegramUsername: user.username,
      sealedToken: await deps.secrets.sealToken(botId, token),
      tokenLast4: token.slice(-4),
      sealedChatKeySecret: await deps.secrets.newChatKeySecret(botId),
      createdAtUnixMs: BigInt(deps.now()),
    });
    crashPoint("bots.afterCreate");
    return { bot: ownedBot(state, botId), revision };
  } catch (error) {
    // Only a refusal proves that no event needs the key; after a lost answer the bot may well be there.
    // A repeated request shares its key with the first one, which may be on its way.
    const isRefused = error instanceof DomainError && error.kind !== "unavailable" && request.requestId === "";
    // A key left over seals nothing; that it cannot be destroyed right now must not hide why the bot was refused.
    if (isRefused) await deps.secrets.forget(botId).catch(() => undefined);
    throw error;
  }
}

/**
 * An owner's request leads to the same bot however often it is made: the answer to the first may have got lost. Once that
 * bot is deleted it leads to another one.
 */
function idOfBot(ownerId: string, id: string, { deleted }: Account): string {
  if (id === "") return base32(randomBytes(16), BOT_ID_LENGTH);
  for (let source = JSON.stringify([ownerId, id]); ; ) {
    const botId = base32(createHash("sha256").update(source).digest(), BOT_ID_LENGTH);
    if (!deleted.includes(botId)) return botId;
    source = JSON.stringify([ownerId, id, botId]);
  }
}

/** Whom a token belongs to; `token_invalid` when Telegram does not know it. */
export async function userOfToken(telegram: Telegram, token: string): Promise<TelegramUser> {
  try {
    return await telegram.getMe(token);
  } catch (error) {
    if (error instanceof TelegramRefused) throw new DomainError("invalid", "token_invalid");
    throw error;
  }
}
