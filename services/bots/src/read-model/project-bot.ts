import type { Recorded } from "@botfactory/event-store";
import type { BotCreated } from "@botfactory/proto/events/v1/account";
import { ownerOfSubject } from "../accounts.ts";
import type { AccountFact } from "../domain/account-state.ts";
import type { BotDocument } from "./bot-document.ts";

/** What facts make of a bot; the store adds `_id` and `sequence`. */
export type ProjectedBot = Omit<BotDocument, "_id" | "sequence">;

export function botIdsOf({ event }: Recorded<AccountFact>): readonly string[] {
  return "botId" in event.value ? [event.value.botId] : [];
}

export function projectBot(bot: ProjectedBot | undefined, recorded: Recorded<AccountFact>): ProjectedBot | undefined {
  const { event, subject } = recorded;
  if (event.case === "botCreated") return created(event.value, ownerOfSubject(subject) ?? "");
  return bot === undefined ? undefined : changed(bot, event);
}

function created(fact: BotCreated, ownerId: string): ProjectedBot {
  return {
    ownerId,
    name: fact.name,
    description: fact.description,
    language: fact.language,
    systemPrompt: fact.systemPrompt,
    promptVersion: 1,
    telegramBotId: fact.telegramBotId,
    telegramUsername: fact.telegramUsername,
    tokenLast4: fact.tokenLast4,
    tokenRevoked: false,
    createdAt: dateOf(fact.createdAtUnixMs),
  };
}

// A date that is none cannot be stored, and one damaged fact would stop the projection of all bots.
function dateOf(unixMs: bigint): Date {
  const date = new Date(Number(unixMs));
  return Number.isNaN(date.getTime()) ? new Date(0) : date;
}

function changed(bot: ProjectedBot, fact: AccountFact): ProjectedBot | undefined {
  switch (fact.case) {
    case "botDeleted":
      return undefined;
    case "botDescribed":
      return { ...bot, name: fact.value.name, description: fact.value.description };
    case "promptPublished":
      return { ...bot, systemPrompt: fact.value.systemPrompt, promptVersion: fact.value.version };
    case "languageChosen":
      return { ...bot, language: fact.value.language };
    case "tokenReplaced": {
      const { telegramUsername, tokenLast4 } = fact.value;
      return { ...bot, telegramUsername, tokenLast4, tokenRevoked: false };
    }
    case "tokenRevoked":
      return { ...bot, tokenRevoked: true };
    case "webhookSet":
      return { ...bot, webhook: { url: fact.value.url, mode: fact.value.mode } };
    case "webhookDeleted":
      return { ...bot, webhook: undefined };
    case "botPaused":
      return { ...bot, pausedBy: fact.value.reason };
    case "botResumed":
      return { ...bot, pausedBy: undefined };
    case "webhookRequested":
    case "webhookFailed":
    case "botCreated":
    case "accountOpened":
    case "planChanged":
      return bot;
  }
}
