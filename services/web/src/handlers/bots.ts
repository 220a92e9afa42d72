import { type Bot as BotMessage, BotSchema } from "@botfactory/proto/bots/v1/bots";
import { create } from "@bufbuild/protobuf";
import type { Bot } from "../api/bot.ts";
import type { Services } from "../services.ts";
import { TELEGRAM_DEADLINE_MS } from "../services.ts";
import { asOwner, type Handlers } from "./handler.ts";
import { isoTime, languageNumber, languageWord, MODE_WORDS, orNull, STATE_WORDS } from "./words.ts";

type BotHandlers = Pick<Handlers, "listBots" | "createBot" | "getBot" | "updateBot" | "deleteBot">;

export function botHandlers({ bots }: Services): BotHandlers {
  return {
    async listBots({ query }, call) {
      const page = await bots.listBots(
        {
          pageSize: query.pageSize ?? 0,
          pageToken: query.pageToken ?? "",
          atLeastRevision: revisionNumber(query.atLeastRevision),
        },
        asOwner(call),
      );
      return { bots: page.bots.map(toBot), nextPageToken: orNull(page.nextPageToken) };
    },

    async createBot({ body }, call) {
      const { name, description, systemPrompt, telegramToken, requestId = "" } = body;
      const { bot, revision } = await bots.createBot(
        { name, description, systemPrompt, telegramToken, requestId, language: languageNumber(body.language) },
        asOwner(call, TELEGRAM_DEADLINE_MS),
      );
      return { ...toBot(bot), revision: revision.toString() };
    },

    async getBot({ params, query }, call) {
      const { bot } = await bots.getBot(
        { botId: params.botId, atLeastRevision: revisionNumber(query.atLeastRevision) },
        asOwner(call),
      );
      return toBot(bot);
    },

    async updateBot({ params, body }, call) {
      const { language, ...rest } = body;
      const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
      const { bot, revision } = await bots.updateBot(
        { botId: params.botId, ...given, ...(language === undefined ? {} : { language: languageNumber(language) }) },
        asOwner(call, TELEGRAM_DEADLINE_MS),
      );
      return { ...toBot(bot), revision: revision.toString() };
    },

    async deleteBot({ params }, call) {
      const { revision } = await bots.deleteBot({ botId: params.botId }, asOwner(call, TELEGRAM_DEADLINE_MS));
      return { id: params.botId, revision: revision.toString() };
    },
  };
}

// protobuf makes every message optional; a service that sends no bot fails the check of the answer.
function toBot(message: BotMessage | undefined): Bot {
  const bot = message ?? create(BotSchema);
  return {
    id: bot.id,
    name: bot.name,
    description: bot.description,
    language: languageWord(bot.language),
    platform: "telegram",
    systemPrompt: bot.systemPrompt,
    promptVersion: bot.promptVersion,
    telegramUsername: bot.telegramUsername,
    tokenLast4: bot.tokenLast4,
    state: STATE_WORDS[bot.state],
    webhook: {
      set: bot.webhookUrl !== "" || MODE_WORDS[bot.deliveryMode] !== null,
      url: orNull(bot.webhookUrl),
      mode: MODE_WORDS[bot.deliveryMode],
    },
    createdAt: isoTime(bot.createdAtUnixMs),
  };
}

function revisionNumber(revision: string | undefined): bigint {
  return BigInt.asUintN(64, BigInt(revision ?? "0"));
}
