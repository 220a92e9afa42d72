import { type Decider, DomainError } from "@botfactory/decider";
import {
  TelegramBotClaimedSchema,
  type TelegramBotEvent,
  TelegramBotReleasedSchema,
} from "@botfactory/proto/events/v1/telegram_bot";
import { create } from "@bufbuild/protobuf";

export type TelegramBotFact = Exclude<TelegramBotEvent["event"], { case: undefined }>;

export interface TelegramBot {
  /** The bot of BotFactory that uses it. */
  readonly usedBy: string | undefined;
}

export interface ClaimTelegramBot {
  readonly type: "ClaimTelegramBot";
  readonly ownerId: string;
  readonly botId: string;
}

export interface ReleaseTelegramBot {
  readonly type: "ReleaseTelegramBot";
  readonly botId: string;
}

/** One Telegram bot is one bot of one owner, over the whole installation. */
export const telegramBot: Decider<ClaimTelegramBot | ReleaseTelegramBot, TelegramBot, TelegramBotFact> = {
  initial: { usedBy: undefined },
  decide(command, { usedBy }) {
    const { botId } = command;
    switch (command.type) {
      case "ClaimTelegramBot":
        if (usedBy === botId) return [];
        // Whose it is stays unsaid, also when it is the same owner's: a token must not reveal another tenant.
        if (usedBy !== undefined) throw new DomainError("conflict", "token_taken");
        return [
          {
            case: "telegramBotClaimed",
            value: create(TelegramBotClaimedSchema, { ownerId: command.ownerId, botId }),
          },
        ];
      case "ReleaseTelegramBot":
        if (usedBy !== botId) return [];
        return [{ case: "telegramBotReleased", value: create(TelegramBotReleasedSchema, { botId }) }];
    }
  },
  evolve(_, fact) {
    return { usedBy: fact.case === "telegramBotClaimed" ? fact.value.botId : undefined };
  },
};
