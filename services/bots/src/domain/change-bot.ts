import { DomainError } from "@botfactory/decider";
import {
  BotDescribedSchema,
  BotPausedSchema,
  BotResumedSchema,
  type Language,
  LanguageChosenSchema,
  PauseReason,
  PromptPublishedSchema,
  TokenReplacedSchema,
} from "@botfactory/proto/events/v1/account";
import { create } from "@bufbuild/protobuf";
import { type Account, type AccountFact, type OwnedBot, ownedBot, runningBots } from "./account-state.ts";
import { allowanceOf, type Plans, refuseAtLimit } from "./plan.ts";

/** A token Telegram has just accepted. */
export interface NewToken {
  readonly telegramBotId: string;
  readonly telegramUsername: string;
  readonly sealedToken: Uint8Array;
  readonly tokenLast4: string;
}

/** Changes what is given; all of it or nothing. */
export interface ChangeBot {
  readonly type: "ChangeBot";
  readonly botId: string;
  readonly name?: string | undefined;
  readonly description?: string | undefined;
  readonly language?: Language | undefined;
  readonly systemPrompt?: string | undefined;
  readonly token?: NewToken | undefined;
  readonly paused?: boolean | undefined;
}

export function changeBot(plans: Plans, change: ChangeBot, state: Account): readonly AccountFact[] {
  const bot = ownedBot(state, change.botId);
  return [
    ...described(change, bot),
    ...languageChosen(change, bot),
    ...promptPublished(change, bot),
    ...tokenReplaced(change, bot),
    ...pausedOrResumed(plans, change, state),
  ];
}

function described(change: ChangeBot, bot: OwnedBot): readonly AccountFact[] {
  const { name = bot.name, description = bot.description } = change;
  if (name === bot.name && description === bot.description) return [];
  return [{ case: "botDescribed", value: create(BotDescribedSchema, { botId: bot.id, name, description }) }];
}

function languageChosen({ language }: ChangeBot, bot: OwnedBot): readonly AccountFact[] {
  if (language === undefined || language === bot.language) return [];
  return [{ case: "languageChosen", value: create(LanguageChosenSchema, { botId: bot.id, language }) }];
}

function promptPublished({ systemPrompt }: ChangeBot, bot: OwnedBot): readonly AccountFact[] {
  if (systemPrompt === undefined || systemPrompt === bot.systemPrompt) return [];
  const version = bot.promptVersion + 1;
  return [{ case: "promptPublished", value: create(PromptPublishedSchema, { botId: bot.id, version, systemPrompt }) }];
}

function tokenReplaced({ token }: ChangeBot, bot: OwnedBot): readonly AccountFact[] {
  if (token === undefined) return [];
  const { telegramBotId, ...replacement } = token;
  if (telegramBotId !== bot.telegramBotId) throw new DomainError("conflict", "token_of_other_bot");
  return [{ case: "tokenReplaced", value: create(TokenReplacedSchema, { botId: bot.id, ...replacement }) }];
}

function pausedOrResumed(plans: Plans, { botId, paused }: ChangeBot, state: Account): readonly AccountFact[] {
  const { pausedBy } = ownedBot(state, botId);
  if (paused === true && pausedBy !== PauseReason.OWNER) {
    return [{ case: "botPaused", value: create(BotPausedSchema, { botId, reason: PauseReason.OWNER }) }];
  }
  if (paused !== false || pausedBy === undefined) return [];
  // After a downgrade the owner may choose which bots run, by pausing one and resuming another.
  refuseAtLimit(plans, state.plan, runningBots(state).length);
  const planBots = allowanceOf(plans, state.plan).bots;
  return [{ case: "botResumed", value: create(BotResumedSchema, { botId, planBots }) }];
}
