import { DomainError } from "@botfactory/decider";
import type { GetUsageResponse } from "@botfactory/proto/ai/v1/ai";
import type { Services } from "../services.ts";
import { type ApiCall, asOwner, type Handlers } from "./handler.ts";
import { planNumber, planWord } from "./words.ts";

type AccountHandlers = Pick<Handlers, "getMe" | "getCsrfToken" | "setPlan">;

export function accountHandlers({ bots, ai }: Services): AccountHandlers {
  return {
    async getMe(_input, call) {
      const [account, usage] = await Promise.all([bots.getAccount({}, asOwner(call)), usageIfThere(ai, call)]);
      return {
        owner: { id: account.ownerId, username: call.owner.username, roles: [...call.owner.roles] },
        plan: { name: planWord(account.plan), botsLimit: account.botsLimit, messagesADay: account.messagesADay },
        usage: { bots: account.bots, today: usage === undefined ? null : today(usage) },
        limits: usage === undefined ? null : { callsAMinute: usage.callsAMinute, callsADay: usage.callsADay },
      };
    },

    async getCsrfToken(_input, call) {
      return { token: call.csrfToken() };
    },

    async setPlan({ params, body }, call) {
      const { plan, pausedBotIds, revision } = await bots.setPlan(
        { ownerId: params.ownerId, plan: planNumber(body.plan) },
        asOwner(call),
      );
      return { ownerId: params.ownerId, plan: planWord(plan), pausedBotIds, revision: revision.toString() };
    },
  };
}

// The console opens without the ai service: only the numbers of today are missing then.
async function usageIfThere(ai: Services["ai"], call: ApiCall): Promise<GetUsageResponse | undefined> {
  try {
    return await ai.getUsage({}, asOwner(call));
  } catch (error) {
    if (error instanceof DomainError && error.kind === "unavailable") return undefined;
    throw error;
  }
}

function today({ day, messages, inputTokens, outputTokens }: GetUsageResponse) {
  return { day, messages, inputTokens: Number(inputTokens), outputTokens: Number(outputTokens) };
}
