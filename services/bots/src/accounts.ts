import {
  commandHandler,
  type EventStore,
  eventCodec,
  type Handled,
  type Loaded,
  unitOfWork,
} from "@botfactory/event-store";
import { AccountEventSchema } from "@botfactory/proto/events/v1/account";
import { TelegramBotEventSchema } from "@botfactory/proto/events/v1/telegram_bot";
import { type AccountCommand, account, type CreateBot } from "./domain/account.ts";
import { type Account, type AccountFact, ownedBot } from "./domain/account-state.ts";
import { invalidField } from "./domain/bot-fields.ts";
import type { Plans } from "./domain/plan.ts";
import { telegramBot } from "./domain/telegram-bot.ts";

export const ACCOUNTS_STREAM = {
  name: "ACCOUNTS",
  subjects: ["accounts.*", "telegram-bots.*"],
  description: "Owners' accounts (accounts.<ownerId>) and whose a Telegram bot is (telegram-bots.<telegramBotId>)",
  appendOnly: true,
  announced: true,
};

export const accountCodec = eventCodec(AccountEventSchema, "bots");
export const telegramBotCodec = eventCodec(TelegramBotEventSchema, "bots");

export type HandledAccount = Handled<Account, AccountFact>;

/** The accounts on the log. */
export interface Accounts {
  load(ownerId: string): Promise<Loaded<Account>>;
  handle(ownerId: string, command: AccountCommand): Promise<HandledAccount>;
  /** The bot and the claim of its Telegram bot, both or neither. */
  createBot(ownerId: string, command: CreateBot): Promise<HandledAccount>;
  /** The bot goes and its Telegram bot is free again, both or neither. */
  deleteBot(ownerId: string, botId: string): Promise<HandledAccount>;
}

export function accounts(store: EventStore, plans: Plans): Accounts {
  const owners = commandHandler({ store, decider: account(plans), codec: accountCodec });
  const claims = commandHandler({ store, decider: telegramBot, codec: telegramBotCodec });
  const together = unitOfWork(store);

  return {
    load: (ownerId) => owners.load(accountSubject(ownerId)),
    handle: (ownerId, command) => owners.handle(accountSubject(ownerId), command),
    createBot: async (ownerId, command) => {
      const subject = accountSubject(ownerId);
      const { botId, telegramBotId } = command;
      const { result, revisions } = await together(async (decide) => {
        const handled = await decide(owners, subject, command);
        // A repeat finds its bot there and claims nothing: it may have come with another token.
        if (handled.events.length === 0) return handled;
        await decide(claims, telegramBotSubject(telegramBotId), { type: "ClaimTelegramBot", ownerId, botId });
        return handled;
      });
      return { ...result, revision: revisions.get(subject) ?? result.revision };
    },
    deleteBot: async (ownerId, botId) => {
      const subject = accountSubject(ownerId);
      const { result, revisions } = await together(async (decide) => {
        const { telegramBotId } = ownedBot((await owners.load(subject)).state, botId);
        await decide(claims, telegramBotSubject(telegramBotId), { type: "ReleaseTelegramBot", botId });
        return decide(owners, subject, { type: "DeleteBot", botId });
      });
      return { ...result, revision: revisions.get(subject) ?? result.revision };
    },
  };
}

export function accountSubject(ownerId: string): string {
  return `accounts.${subjectToken("ownerId", ownerId)}`;
}

/** The owner a subject belongs to; undefined for the claims in the same stream. */
export function ownerOfSubject(subject: string): string | undefined {
  const [kind, ownerId] = subject.split(".");
  return kind === "accounts" ? ownerId : undefined;
}

function telegramBotSubject(telegramBotId: string): string {
  return `telegram-bots.${subjectToken("telegramToken", telegramBotId)}`;
}

function subjectToken(field: string, id: string): string {
  if (/^[A-Za-z0-9_-]{1,128}$/.test(id)) return id;
  throw invalidField(field, "A-Z a-z 0-9 _ -");
}
