import { DomainError } from "@botfactory/decider";
import type { Accounts } from "./accounts.ts";
import type { BotSecrets } from "./bot-secrets.ts";
import type { OwnedBot } from "./domain/account-state.ts";
import { type Telegram, TelegramRefused } from "./telegram.ts";

export interface TokenDeps {
  readonly accounts: Accounts;
  readonly secrets: BotSecrets;
  readonly telegram: Telegram;
}

/** A bot and whose it is. */
export interface BotOfOwner {
  readonly ownerId: string;
  readonly bot: OwnedBot;
}

/** Runs a call to Telegram with the bot's token; a 401 is noted once and thrown as `token_revoked`. */
export async function withToken<Result>(
  deps: TokenDeps,
  { ownerId, bot }: BotOfOwner,
  call: (token: string) => Promise<Result>,
): Promise<Result> {
  try {
    return await call(await deps.secrets.token(bot));
  } catch (error) {
    if (!(error instanceof TelegramRefused && error.isOfToken)) throw error;
    await deps.accounts.handle(ownerId, { type: "RevokeToken", botId: bot.id, tokenVersion: bot.tokenVersion });
    throw new DomainError("conflict", "token_revoked");
  }
}

/** Conversation was answered 401. Asked once more here, for the token may have been replaced in the meantime. */
export async function confirmRevocation(deps: TokenDeps, owned: BotOfOwner): Promise<void> {
  if (owned.bot.tokenRevoked) return;
  try {
    await withToken(deps, owned, deps.telegram.getMe);
  } catch (error) {
    if (!(error instanceof DomainError && error.code === "token_revoked")) throw error;
  }
}
