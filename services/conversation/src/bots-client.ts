import { DomainError } from "@botfactory/decider";
import { BotState, type BotsService, type GetBotForReplyResponse } from "@botfactory/proto/bots/v1/bots";
import type { Client } from "@botfactory/rpc";
import { LRUCache } from "lru-cache";

/** All that answering for a bot needs; holds its token, so it is never logged or stored. */
export type AnsweringBot = GetBotForReplyResponse;

export interface Bots {
  /** Undefined when there is no such bot (any more). Throws `DomainError` unavailable when bots is away and nothing is known. */
  find(botId: string): Promise<AnsweringBot | undefined>;
  /** Whose the bot is, if this process has met it lately. */
  ownerOf(botId: string): string | undefined;
  reportTokenRevoked(botId: string): Promise<void>;
}

export interface BotsOptions {
  /** How long a configuration counts as fresh, ms: a new prompt answers after that at the latest. */
  readonly freshMs?: number;
}

type Known = { readonly bot: AnsweringBot } | "gone";

const BOTS_KEPT = 2_000;

/** The bots service with a short memory; what is remembered still serves while bots is away. */
export function bots(client: Client<typeof BotsService>, { freshMs = 2_000 }: BotsOptions = {}): Bots {
  const known = new LRUCache<string, Known>({
    max: BOTS_KEPT,
    ttl: freshMs,
    // The library's own way to serve the stale answers "undefined" when there is none, which would read as "no such bot".
    fetchMethod: async (botId, stale, { options }) => {
      const answer = await ask(client, botId).catch((error: unknown) => stale ?? Promise.reject(error));
      // It may be made, resumed or given a token at any moment, and what it is passed over is never answered.
      if (answer === "gone" || silenceOf(answer.bot) !== undefined) options.ttl = 1;
      return answer;
    },
  });
  return {
    async find(botId) {
      const answer = await known.fetch(botId);
      if (answer === undefined) throw new DomainError("unavailable", "unavailable");
      return answer === "gone" ? undefined : answer.bot;
    },
    ownerOf(botId) {
      const met = known.peek(botId, { allowStale: true });
      return met === undefined || met === "gone" ? undefined : met.bot.ownerId;
    },
    async reportTokenRevoked(botId) {
      known.delete(botId);
      await client.reportTokenRevoked({ botId });
    },
  };
}

async function ask(client: Client<typeof BotsService>, botId: string): Promise<Known> {
  try {
    return { bot: await client.getBotForReply({ botId }) };
  } catch (error) {
    if (error instanceof DomainError && error.kind === "not-found") return "gone";
    throw error;
  }
}

/** Why a bot does not answer now; undefined when it does. */
export function silenceOf(bot: AnsweringBot | undefined): string | undefined {
  if (bot === undefined) return "bot_deleted";
  switch (bot.state) {
    case BotState.ACTIVE:
      return undefined;
    case BotState.TOKEN_REVOKED:
      return "token_revoked";
    case BotState.PAUSED:
    case BotState.PAUSED_BY_PLAN:
    case BotState.UNSPECIFIED:
      return "bot_paused";
  }
}
