import { PauseReason, Plan } from "@botfactory/proto/events/v1/account";
import type { Accounts } from "./accounts.ts";
import { invalidField } from "./domain/bot-fields.ts";
import type { WebhookTable } from "./webhook-table.ts";

export interface SetPlanDeps {
  readonly accounts: Accounts;
  readonly table: WebhookTable;
}

const PLANS = [Plan.FREE, Plan.STARTER, Plan.BASIC, Plan.PREMIUM];

/** Puts an owner on a plan and answers with the bots it paused, oldest first. */
export async function setPlan(
  { accounts, table }: SetPlanDeps,
  { ownerId, plan }: { readonly ownerId: string; readonly plan: Plan },
): Promise<{ pausedBotIds: string[]; revision: number }> {
  if (!PLANS.includes(plan)) throw invalidField("plan", "free | starter | basic | premium");
  const { events, revision } = await accounts.handle(ownerId, { type: "ChoosePlan", plan });
  const touched = events.flatMap((event) => ("botId" in event.value ? [event.value.botId] : []));
  await Promise.all(touched.map((botId) => table.publish(ownerId, botId, revision)));
  const pausedBotIds = events.flatMap((event) =>
    event.case === "botPaused" && event.value.reason === PauseReason.PLAN ? [event.value.botId] : [],
  );
  return { pausedBotIds, revision };
}
