import { type Decider, DomainError } from "@botfactory/decider";
import {
  AccountOpenedSchema,
  BotCreatedSchema,
  BotDeletedSchema,
  type Language,
  Plan,
  TokenRevokedSchema,
} from "@botfactory/proto/events/v1/account";
import { create } from "@bufbuild/protobuf";
import { type Account, type AccountFact, botOf, evolve, newAccount, ownedBot } from "./account-state.ts";
import { type ChangeBot, changeBot } from "./change-bot.ts";
import { type ChoosePlan, choosePlan } from "./choose-plan.ts";
import { allowanceOf, type Plans, refuseOneBotMore } from "./plan.ts";
import { type WebhookCommand, webhookFacts } from "./webhook-commands.ts";

export interface OpenAccount {
  readonly type: "OpenAccount";
}

export interface CreateBot {
  readonly type: "CreateBot";
  readonly botId: string;
  readonly name: string;
  readonly description: string;
  readonly language: Language;
  readonly systemPrompt: string;
  readonly telegramBotId: string;
  readonly telegramUsername: string;
  readonly sealedToken: Uint8Array;
  readonly tokenLast4: string;
  readonly sealedChatKeySecret: Uint8Array;
  readonly createdAtUnixMs: bigint;
}

/** Telegram answered 401 to the token of this version. */
export interface RevokeToken {
  readonly type: "RevokeToken";
  readonly botId: string;
  readonly tokenVersion: number;
}

export interface DeleteBot {
  readonly type: "DeleteBot";
  readonly botId: string;
}

export type AccountCommand =
  | OpenAccount
  | CreateBot
  | ChangeBot
  | RevokeToken
  | DeleteBot
  | ChoosePlan
  | WebhookCommand;

/** An owner's account: its plan and its bots in one subject, so that the plan's limit is exact under any race. */
export function account(plans: Plans): Decider<AccountCommand, Account, AccountFact> {
  return {
    initial: newAccount,
    evolve,
    decide(command, state) {
      switch (command.type) {
        case "OpenAccount":
          return openingOf(state);
        case "CreateBot":
          return createBot(plans, command, state);
        case "ChangeBot":
          return changeBot(plans, command, state);
        case "RevokeToken":
          return revokeToken(command, state);
        case "DeleteBot":
          return deleteBot(command, state);
        case "ChoosePlan":
          return [...openingOf(state), ...choosePlan(plans, command, state)];
        default:
          return webhookFacts(command, ownedBot(state, command.botId));
      }
    },
  };
}

function openingOf({ opened }: Account): readonly AccountFact[] {
  return opened ? [] : [{ case: "accountOpened", value: create(AccountOpenedSchema, { plan: Plan.FREE }) }];
}

function createBot(plans: Plans, { type: _, ...bot }: CreateBot, state: Account): readonly AccountFact[] {
  // The log may hand a command in twice; a bot that exists already is a success.
  if (botOf(state, bot.botId) !== undefined) return [];
  if (state.deleted.includes(bot.botId)) throw new DomainError("not-found", "bot_not_found");
  refuseOneBotMore(plans, state);
  const planBots = allowanceOf(plans, state.plan).bots;
  return [...openingOf(state), { case: "botCreated", value: create(BotCreatedSchema, { ...bot, planBots }) }];
}

function revokeToken({ botId, tokenVersion }: RevokeToken, state: Account): readonly AccountFact[] {
  const bot = ownedBot(state, botId);
  if (bot.tokenRevoked || bot.tokenVersion !== tokenVersion) return [];
  return [{ case: "tokenRevoked", value: create(TokenRevokedSchema, { botId }) }];
}

function deleteBot({ botId }: DeleteBot, state: Account): readonly AccountFact[] {
  const { id } = ownedBot(state, botId);
  return [{ case: "botDeleted", value: create(BotDeletedSchema, { botId: id }) }];
}
