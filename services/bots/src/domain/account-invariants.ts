import { type Account, type AccountFact, botOf, runningBots } from "./account-state.ts";
import type { TelegramBot, TelegramBotFact } from "./telegram-bot.ts";

interface Step<State, Fact> {
  readonly before: State;
  readonly event: Fact;
  readonly after: State;
}

/** What holds at every event of every account: says what is wrong, or nothing. */
export const accountInvariants = {
  // By the plan as it was then: who lowers a plan today makes no damage of yesterday.
  "active bots of an owner are at most those of the plan": ({ event, after }: Step<Account, AccountFact>) => {
    if (event.case !== "botCreated" && event.case !== "botResumed") return undefined;
    const { planBots } = event.value;
    const counted = event.case === "botCreated" ? after.bots.length : runningBots(after).length;
    return planBots > 0 && counted > planBots ? `${counted} bots where the plan allowed ${planBots}` : undefined;
  },
  "an event of a bot is of a bot its owner has": ({ before, event }: Step<Account, AccountFact>) => {
    if (event.case === "accountOpened" || event.case === "planChanged") return undefined;
    const isKnown = botOf(before, event.value.botId) !== undefined;
    if (event.case === "botCreated") return isKnown ? "created twice" : undefined;
    return isKnown ? undefined : `${event.case} of a bot that is not there`;
  },
};

/** What holds at every event of every claim of a Telegram bot. */
export const telegramBotInvariants = {
  "one bot per Telegram bot": ({ before, event }: Step<TelegramBot, TelegramBotFact>) => {
    if (event.case === "telegramBotClaimed") return before.usedBy === undefined ? undefined : "claimed twice";
    return before.usedBy === event.value.botId ? undefined : "released by another bot";
  },
};
