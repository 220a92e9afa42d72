import { DomainError } from "@botfactory/decider";
import type { BotsService } from "@botfactory/proto/bots/v1/bots";
import { DeliveryMode } from "@botfactory/proto/events/v1/account";
import type { Handlers } from "@botfactory/rpc";
import type { AccountFeed } from "./account-feed.ts";
import type { BotDirectory } from "./bot-directory.ts";
import { stateOf } from "./bot-message.ts";
import { ownedBot } from "./domain/account-state.ts";
import { webhookInForce } from "./domain/bot-webhooks.ts";
import { allowanceOf, type Plans } from "./domain/plan.ts";
import { confirmRevocation, type TokenDeps } from "./revoke-token.ts";
import type { WebhookDeps } from "./set-webhook.ts";

export interface ServiceRpcDeps extends TokenDeps, Pick<WebhookDeps, "webhooks"> {
  readonly directory: BotDirectory;
  readonly feed: AccountFeed;
  readonly plans: Plans;
}

type ServiceMethods = Pick<Handlers<typeof BotsService>, "getBotForReply" | "getPollingToken" | "reportTokenRevoked">;

/** What other services ask: from the log alone, so that answering goes on while MongoDB is away. */
export function serviceMethods(deps: ServiceRpcDeps): ServiceMethods {
  const { accounts, directory, feed, secrets, plans } = deps;

  const find = async (botId: string) => {
    const ownerId = await directory.ownerOf(botId, feed);
    const { state } = await accounts.load(ownerId);
    return { ownerId, plan: state.plan, bot: ownedBot(state, botId) };
  };

  return {
    getBotForReply: async ({ botId }) => {
      const { ownerId, plan, bot } = await find(botId);
      const { historyTurns, messagesADay } = allowanceOf(plans, plan);
      return {
        botId,
        ownerId,
        telegramToken: await secrets.token(bot),
        systemPrompt: bot.systemPrompt,
        promptVersion: bot.promptVersion,
        language: bot.language,
        state: stateOf(bot),
        historyTurns,
        messagesADay,
        chatKeySecret: await secrets.chatKeySecret(bot),
        telegramUsername: bot.telegramUsername,
        name: bot.name,
      };
    },

    getPollingToken: async ({ botId }) => {
      if (deps.webhooks.mode !== DeliveryMode.POLLING) throw new DomainError("forbidden", "forbidden");
      const { bot } = await find(botId);
      if (webhookInForce(bot.webhooks)?.mode !== DeliveryMode.POLLING) {
        throw new DomainError("not-found", "bot_not_found");
      }
      return { telegramToken: await secrets.token(bot) };
    },

    reportTokenRevoked: async ({ botId }) => {
      await confirmRevocation(deps, await find(botId));
      return {};
    },
  };
}
