import type { Bot, UpdateBot } from "../../../src/api/bot.ts";
import { LANGUAGES } from "../i18n.ts";
import type { BotFields } from "./bot-form.tsx";

/** Only what the owner changed, so that two people editing different fields do not undo each other. */
export function changesOf(bot: Bot, fields: BotFields): UpdateBot {
  const language = LANGUAGES.find((known) => known === fields.language);
  const token = fields.telegramToken.trim();
  return {
    ...(fields.name !== bot.name && { name: fields.name }),
    ...(fields.description !== bot.description && { description: fields.description }),
    ...(language && language !== bot.language && { language }),
    ...(fields.systemPrompt !== bot.systemPrompt && { systemPrompt: fields.systemPrompt }),
    ...(token && { telegramToken: token }),
  };
}
