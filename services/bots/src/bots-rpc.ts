import { DomainError } from "@botfactory/decider";
import type { BotsService } from "@botfactory/proto/bots/v1/bots";
import type { Call, Handlers } from "@botfactory/rpc";
import { messageOfBot, messageOfDocument } from "./bot-message.ts";
import { type CreateBotDeps, createBot } from "./create-bot.ts";
import { deleteBot } from "./delete-bot.ts";
import { ownedBot } from "./domain/account-state.ts";
import { allowanceOf } from "./domain/plan.ts";
import { type FindBotsDeps, findBot, findPage, waitFor } from "./read-model/find-bots.ts";
import type { BotOfOwner } from "./revoke-token.ts";
import { type ServiceRpcDeps, serviceMethods } from "./service-rpc.ts";
import { setPlan } from "./set-plan.ts";
import { deleteWebhook, setWebhook, type WebhookDeps } from "./set-webhook.ts";
import { updateBot } from "./update-bot.ts";
import { webhookStatus } from "./webhook-status.ts";

export interface BotsRpcDeps extends CreateBotDeps, WebhookDeps, ServiceRpcDeps, FindBotsDeps {}

const MAX_PAGE = 100;
const DEFAULT_PAGE = 50;

/** Every method of the service. Commands are decided on the log, queries are read from MongoDB. */
export function botsMethods(deps: BotsRpcDeps): Handlers<typeof BotsService> {
  const owned = async (call: Call, botId: string): Promise<BotOfOwner> => {
    const ownerId = ownerIdOf(call);
    return { ownerId, bot: ownedBot((await deps.accounts.load(ownerId)).state, botId) };
  };

  return {
    ...serviceMethods(deps),

    getAccount: async (_, call) => {
      const ownerId = ownerIdOf(call);
      const { state } = await deps.accounts.handle(ownerId, { type: "OpenAccount" });
      const { bots: botsLimit, messagesADay } = allowanceOf(deps.plans, state.plan);
      return { ownerId, plan: state.plan, bots: state.bots.length, botsLimit, messagesADay };
    },

    createBot: async (request, call) => {
      const { bot, revision } = await createBot(deps, ownerIdOf(call), request);
      return { bot: messageOfBot(bot), revision: BigInt(revision) };
    },

    getBot: async ({ botId, atLeastRevision }, call) => {
      await waitFor(deps, atLeastRevision);
      return { bot: messageOfDocument(await findBot(deps, { ownerId: ownerIdOf(call), botId })) };
    },

    listBots: async ({ pageSize, pageToken, atLeastRevision }, call) => {
      await waitFor(deps, atLeastRevision);
      const size = Math.min(pageSize || DEFAULT_PAGE, MAX_PAGE);
      const { bots, nextToken } = await findPage(deps, { ownerId: ownerIdOf(call), size, token: pageToken });
      return { bots: bots.map(messageOfDocument), nextPageToken: nextToken };
    },

    updateBot: async (request, call) => {
      const { bot, revision } = await updateBot(deps, await owned(call, request.botId), request);
      return { bot: messageOfBot(bot), revision: BigInt(revision) };
    },

    deleteBot: async ({ botId }, call) => {
      return { revision: BigInt(await deleteBot(deps, await owned(call, botId))) };
    },

    setWebhook: async ({ botId, baseUrl }, call) => {
      const revision = await setWebhook(deps, await owned(call, botId), baseUrl);
      return { status: await webhookStatus(deps, await owned(call, botId)), revision: BigInt(revision) };
    },

    deleteWebhook: async ({ botId }, call) => {
      const revision = await deleteWebhook(deps, await owned(call, botId));
      return { status: await webhookStatus(deps, await owned(call, botId)), revision: BigInt(revision) };
    },

    getWebhookStatus: async ({ botId }, call) => ({ status: await webhookStatus(deps, await owned(call, botId)) }),

    setPlan: async ({ ownerId, plan }) => {
      const { pausedBotIds, revision } = await setPlan(deps, { ownerId, plan });
      return { plan, pausedBotIds, revision: BigInt(revision) };
    },
  };
}

/** The access table lets no service in here; should it ever, the answer must not be somebody's bots. */
function ownerIdOf({ caller }: Call): string {
  if (caller.kind !== "owner") throw new DomainError("forbidden", "forbidden");
  return caller.ownerId;
}
