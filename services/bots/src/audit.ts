import { type AuditedStream, auditedAggregate, type Step, type Violation } from "@botfactory/event-store";
import { ACCOUNTS_STREAM, accountCodec, ownerOfSubject, telegramBotCodec } from "./accounts.ts";
import { accountInvariants, telegramBotInvariants } from "./domain/account-invariants.ts";
import { type Account, type AccountFact, evolve, newAccount } from "./domain/account-state.ts";
import { type TelegramBot, type TelegramBotFact, telegramBot } from "./domain/telegram-bot.ts";

export interface AuditContext {
  /** The owner of every bot there ever was, for the streams that are read after this one. */
  readonly owners: Map<string, string>;
}

interface LiveBot {
  readonly ownerId: string;
  readonly telegramBotId: string;
  readonly subject: string;
}

/** What is checked of accounts. */
export function auditedStream({ owners }: AuditContext): AuditedStream {
  const live = new Map<string, LiveBot>();
  const claims = new Map<string, { readonly botId: string; readonly ownerId: string }>();

  const noteBot = ({ subject, event }: Step<Account, AccountFact>): string | undefined => {
    const ownerId = ownerOfSubject(subject) ?? "";
    if (event.case === "botDeleted") live.delete(event.value.botId);
    if (event.case !== "botCreated") return undefined;
    const { botId, telegramBotId } = event.value;
    const former = owners.get(botId);
    owners.set(botId, ownerId);
    live.set(botId, { ownerId, telegramBotId, subject });
    return former === undefined || former === ownerId ? undefined : "was another owner's";
  };

  const noteClaim = ({ subject, event }: Step<TelegramBot, TelegramBotFact>): string | undefined => {
    const telegramBotId = subject.split(".")[1] ?? "";
    if (event.case === "telegramBotClaimed") claims.set(telegramBotId, event.value);
    else claims.delete(telegramBotId);
    return undefined;
  };

  /** Bot and claim go in one batch, so only the end shows whether they belong together. */
  const unclaimed = (): Omit<Violation, "invariant">[] =>
    [...live].flatMap(([botId, { ownerId, telegramBotId, subject }]) => {
      const claim = claims.get(telegramBotId);
      return claim?.botId === botId && claim.ownerId === ownerId ? [] : [{ subject, detail: `bot ${botId}` }];
    });

  return {
    stream: ACCOUNTS_STREAM.name,
    aggregates: {
      accounts: auditedAggregate({
        codec: accountCodec,
        decider: { initial: newAccount, evolve },
        rules: {
          ...accountInvariants,
          "a bot has one owner": noteBot,
        },
      }),
      "telegram-bots": auditedAggregate({
        codec: telegramBotCodec,
        decider: telegramBot,
        rules: { ...telegramBotInvariants, "one owner per Telegram bot": noteClaim },
      }),
    },
    atEnd: { "one owner per Telegram bot": unclaimed },
  };
}
