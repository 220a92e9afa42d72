import { DomainError } from "@botfactory/decider";
import {
  type AccountEvent,
  type BotCreated,
  type Language,
  type PauseReason,
  Plan,
  type TokenReplaced,
} from "@botfactory/proto/events/v1/account";
import { type Webhooks, withFailure, withoutAnswered, withRequest, withSet } from "./bot-webhooks.ts";

/** One fact of an owner's account. */
export type AccountFact = Exclude<AccountEvent["event"], { case: undefined }>;

export interface OwnedBot {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly language: Language;
  readonly systemPrompt: string;
  readonly promptVersion: number;
  readonly telegramBotId: string;
  readonly telegramUsername: string;
  readonly sealedToken: Uint8Array;
  readonly tokenLast4: string;
  /** Counts the tokens, so that a late 401 of an old one is not held against the new one. */
  readonly tokenVersion: number;
  readonly tokenRevoked: boolean;
  readonly sealedChatKeySecret: Uint8Array;
  readonly pausedBy: PauseReason | undefined;
  readonly webhooks: Webhooks;
  readonly webhookFailure: { readonly code: string; readonly description: string } | undefined;
  readonly createdAtUnixMs: bigint;
}

export interface Account {
  readonly opened: boolean;
  readonly plan: Plan;
  /** Oldest first. */
  readonly bots: readonly OwnedBot[];
  /** Ids of bots that are gone; none comes back under its old id, whose key and webhook may still be on their way out. */
  readonly deleted: readonly string[];
}

export const newAccount: Account = { opened: false, plan: Plan.FREE, bots: [], deleted: [] };

export function botOf({ bots }: Account, botId: string): OwnedBot | undefined {
  return bots.find(({ id }) => id === botId);
}

/** The bot, or the one answer for bots of others and for bots that never were. */
export function ownedBot(account: Account, botId: string): OwnedBot {
  const bot = botOf(account, botId);
  if (bot === undefined) throw new DomainError("not-found", "bot_not_found");
  return bot;
}

export function runningBots({ bots }: Account): readonly OwnedBot[] {
  return bots.filter(({ pausedBy }) => pausedBy === undefined);
}

export function evolve(account: Account, fact: AccountFact): Account {
  switch (fact.case) {
    case "accountOpened":
      return { ...account, opened: true, plan: fact.value.plan };
    case "planChanged":
      return { ...account, plan: fact.value.plan };
    case "botCreated":
      return { ...account, bots: [...account.bots, created(fact.value)] };
    case "botDeleted":
      return {
        ...account,
        bots: account.bots.filter(({ id }) => id !== fact.value.botId),
        deleted: [...account.deleted, fact.value.botId],
      };
    default:
      return {
        ...account,
        bots: account.bots.map((bot) => (bot.id === fact.value.botId ? evolveBot(bot, fact) : bot)),
      };
  }
}

type BotFact = Exclude<AccountFact, { case: "accountOpened" | "planChanged" | "botCreated" | "botDeleted" }>;

function evolveBot(bot: OwnedBot, fact: BotFact): OwnedBot {
  switch (fact.case) {
    case "botDescribed":
      return { ...bot, name: fact.value.name, description: fact.value.description };
    case "promptPublished":
      return { ...bot, systemPrompt: fact.value.systemPrompt, promptVersion: fact.value.version };
    case "languageChosen":
      return { ...bot, language: fact.value.language };
    case "tokenReplaced":
      return withToken(bot, fact.value);
    case "tokenRevoked":
      return { ...bot, tokenRevoked: true };
    case "webhookRequested":
      return { ...bot, webhooks: withRequest(bot.webhooks, fact.value), webhookFailure: undefined };
    case "webhookSet":
      return { ...bot, webhooks: withSet(bot.webhooks, fact.value), webhookFailure: undefined };
    case "webhookFailed": {
      const { code, description } = fact.value;
      return { ...bot, webhooks: withFailure(bot.webhooks, fact.value), webhookFailure: { code, description } };
    }
    case "webhookDeleted":
      return { ...bot, webhooks: withoutAnswered(bot.webhooks), webhookFailure: undefined };
    case "botPaused":
      return { ...bot, pausedBy: fact.value.reason };
    case "botResumed":
      return { ...bot, pausedBy: undefined };
  }
}

function created(fact: BotCreated): OwnedBot {
  return {
    id: fact.botId,
    name: fact.name,
    description: fact.description,
    language: fact.language,
    systemPrompt: fact.systemPrompt,
    promptVersion: 1,
    telegramBotId: fact.telegramBotId,
    telegramUsername: fact.telegramUsername,
    sealedToken: fact.sealedToken,
    tokenLast4: fact.tokenLast4,
    tokenVersion: 1,
    tokenRevoked: false,
    sealedChatKeySecret: fact.sealedChatKeySecret,
    pausedBy: undefined,
    webhooks: [],
    webhookFailure: undefined,
    createdAtUnixMs: fact.createdAtUnixMs,
  };
}

function withToken(bot: OwnedBot, { telegramUsername, sealedToken, tokenLast4 }: TokenReplaced): OwnedBot {
  const tokenVersion = bot.tokenVersion + 1;
  return { ...bot, telegramUsername, sealedToken, tokenLast4, tokenVersion, tokenRevoked: false };
}
