import { type BotSchema, BotState } from "@botfactory/proto/bots/v1/bots";
import { DeliveryMode, PauseReason } from "@botfactory/proto/events/v1/account";
import type { MessageInitShape } from "@bufbuild/protobuf";
import type { OwnedBot } from "./domain/account-state.ts";
import { webhookInForce } from "./domain/bot-webhooks.ts";
import type { BotDocument } from "./read-model/bot-document.ts";

export type BotMessage = MessageInitShape<typeof BotSchema>;

/** A bot as the log has it. */
export function messageOfBot(bot: OwnedBot): BotMessage {
  return {
    ...shown(bot),
    id: bot.id,
    webhookUrl: webhookInForce(bot.webhooks)?.url ?? "",
    deliveryMode: webhookInForce(bot.webhooks)?.mode ?? DeliveryMode.UNSPECIFIED,
    createdAtUnixMs: bot.createdAtUnixMs,
  };
}

/** A bot as MongoDB has it. */
export function messageOfDocument(document: BotDocument): BotMessage {
  return {
    ...shown(document),
    id: document._id,
    webhookUrl: document.webhook?.url ?? "",
    deliveryMode: document.webhook?.mode ?? DeliveryMode.UNSPECIFIED,
    createdAtUnixMs: BigInt(document.createdAt.getTime()),
  };
}

type Shown = Pick<
  OwnedBot,
  | "name"
  | "description"
  | "language"
  | "systemPrompt"
  | "promptVersion"
  | "telegramBotId"
  | "telegramUsername"
  | "tokenLast4"
>;

// Field by field: a spread would carry the sealed token of the one and the owner of the other along.
function shown(bot: Shown & StateFields): BotMessage {
  return {
    name: bot.name,
    description: bot.description,
    language: bot.language,
    systemPrompt: bot.systemPrompt,
    promptVersion: bot.promptVersion,
    telegramBotId: bot.telegramBotId,
    telegramUsername: bot.telegramUsername,
    tokenLast4: bot.tokenLast4,
    state: stateOf(bot),
  };
}

interface StateFields {
  readonly tokenRevoked: boolean;
  readonly pausedBy?: PauseReason | undefined;
}

export function stateOf({ tokenRevoked, pausedBy }: StateFields): BotState {
  if (tokenRevoked) return BotState.TOKEN_REVOKED;
  if (pausedBy === undefined) return BotState.ACTIVE;
  return pausedBy === PauseReason.PLAN ? BotState.PAUSED_BY_PLAN : BotState.PAUSED;
}
