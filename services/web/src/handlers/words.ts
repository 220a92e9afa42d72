import { BotState } from "@botfactory/proto/bots/v1/bots";
import { Author, MessageStatus } from "@botfactory/proto/conversation/v1/conversation";
import { DeliveryMode, Language, Plan } from "@botfactory/proto/events/v1/account";

/** The words of the JSON API for the numbers of protobuf, and back. */
const LANGUAGES = { uz: Language.UZ, ru: Language.RU, en: Language.EN } as const;
const PLANS = { free: Plan.FREE, starter: Plan.STARTER, basic: Plan.BASIC, premium: Plan.PREMIUM } as const;

export type LanguageWord = keyof typeof LANGUAGES;
export type PlanWord = keyof typeof PLANS;

export const languageNumber = (word: LanguageWord): Language => LANGUAGES[word];
export const planNumber = (word: PlanWord): Plan => PLANS[word];

export function languageWord(language: Language): LanguageWord {
  switch (language) {
    case Language.RU:
      return "ru";
    case Language.EN:
      return "en";
    default:
      return "uz";
  }
}

export function spokenLanguageWord(language: Language): LanguageWord | "uz_cyrl" | null {
  if (language === Language.UNSPECIFIED) return null;
  return language === Language.UZ_CYRL ? "uz_cyrl" : languageWord(language);
}

export function planWord(plan: Plan): PlanWord {
  switch (plan) {
    case Plan.STARTER:
      return "starter";
    case Plan.BASIC:
      return "basic";
    case Plan.PREMIUM:
      return "premium";
    default:
      return "free";
  }
}

export const STATE_WORDS = {
  [BotState.UNSPECIFIED]: "active",
  [BotState.ACTIVE]: "active",
  [BotState.PAUSED]: "paused",
  [BotState.PAUSED_BY_PLAN]: "paused_by_plan",
  [BotState.TOKEN_REVOKED]: "token_revoked",
} as const;

export const MODE_WORDS = {
  [DeliveryMode.UNSPECIFIED]: null,
  [DeliveryMode.WEBHOOK]: "webhook",
  [DeliveryMode.POLLING]: "polling",
} as const;

export const AUTHOR_WORDS = {
  [Author.UNSPECIFIED]: "user",
  [Author.USER]: "user",
  [Author.BOT]: "bot",
  [Author.OWNER]: "owner",
} as const;

export const STATUS_WORDS = {
  [MessageStatus.UNSPECIFIED]: "received",
  [MessageStatus.RECEIVED]: "received",
  [MessageStatus.DRAFTED]: "drafted",
  [MessageStatus.SENT]: "sent",
  [MessageStatus.REFUSED]: "refused",
  [MessageStatus.UNDELIVERABLE]: "undeliverable",
  [MessageStatus.QUARANTINED]: "quarantined",
} as const;

/** protobuf's empty text or zero for what is not there. */
export const orNull = (value: string): string | null => (value === "" ? null : value);
export const positiveOrNull = (value: number): number | null => (value === 0 ? null : value);

export function isoTime(unixMs: bigint): string {
  return new Date(Number(unixMs)).toISOString();
}

export const isoTimeOrNull = (unixMs: bigint): string | null => (unixMs === 0n ? null : isoTime(unixMs));
